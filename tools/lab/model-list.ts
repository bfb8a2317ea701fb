import type { Generation } from './generation.ts';
import { type LabModel, modelEntry } from './models.ts';
import { modelNotFound } from './refusal.ts';
import { commonHeaders, sendJson } from './staging.ts';
import { performJson } from './whole-only.ts';
import type { Wire } from './wire.ts';

/** The name under which a script spoils the list of models. */
export const modelListName = 'GET /models';

/** True for the list and for the page of a single model. */
export const asksModels = (method: string, route: string): boolean =>
  method === 'GET' && (route === '/models' || route.startsWith('/models/'));

const listOf = (models: readonly LabModel[]) => ({ object: 'list', data: models.map(modelEntry) });

/** The list as something that a fault can spoil. */
export const modelListing = (models: readonly LabModel[]): Generation => ({
  check: () => undefined,
  perform: () => performJson(listOf(models)),
});

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}

/** Answers `GET /models` and `GET /models/<id>`; ids hold slashes, raw or as %2F. */
export function answerModels(
  models: readonly LabModel[],
  route: string,
  wire: Wire,
): Promise<void> {
  if (route === '/models') return sendJson(wire, 200, listOf(models), commonHeaders());
  const id = decoded(route.slice('/models/'.length));
  const found = models.find((model) => model.id === id);
  const { status, error } = modelNotFound(id);
  return found
    ? sendJson(wire, 200, modelEntry(found), commonHeaders())
    : sendJson(wire, status, { error }, commonHeaders());
}
