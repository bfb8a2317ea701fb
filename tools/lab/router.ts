import type { Socket } from 'node:net';
import { factsOf } from './attempt-facts.ts';
import type { Attempt, AttemptLog } from './attempts.ts';
import { refuseAsProxy } from './faults/proxy.ts';
import { generations } from './generation.ts';
import type { HttpRequest } from './http-request.ts';
import { isObject, stringAt } from './json.ts';
import { answerModels, asksModels, modelListing, modelListName } from './model-list.ts';
import { badRequest, invalidKey, modelNotFound, type Refusal, unknownUrl } from './refusal.ts';
import { commonHeaders, type Stage, sendJson, stageGeneration } from './staging.ts';
import { BadStep } from './step.ts';
import { CallerGone, createWire, type Wire } from './wire.ts';

type Groq = {
  readonly stage: Stage;
  readonly log: AttemptLog;
  readonly accepts: (key: string | undefined) => boolean;
  readonly socketNumber: (socket: Socket) => number;
};

const refuse = (wire: Wire, { status, error }: Refusal): Promise<void> =>
  sendJson(wire, status, { error }, commonHeaders());

function route(groq: Groq, request: HttpRequest, attempt: Attempt, wire: Wire): Promise<void> {
  const { stage } = groq;
  const { method, path } = request;
  const { body, key, route: asked } = attempt;
  const cast = { stage, request, wire, attempt };
  if (method === 'CONNECT') return refuseAsProxy(wire);
  if (!groq.accepts(key)) return refuse(wire, invalidKey());
  if (asksModels(method, asked) && stage.scripts.knows(modelListName)) {
    attempt.model = modelListName;
    return stageGeneration({ ...cast, generation: modelListing(stage.models) });
  }
  if (asksModels(method, asked)) return answerModels(stage.models, asked, wire);
  if (method === 'POST' && asked === '/embeddings') {
    return refuse(wire, modelNotFound(attempt.model ?? ''));
  }
  const generation = method === 'POST' ? generations[asked] : undefined;
  if (!generation) return refuse(wire, unknownUrl(method, path));
  if (!isObject(body)) return refuse(wire, badRequest('request body is not a JSON object'));
  return stageGeneration({ ...cast, generation });
}

async function answer(groq: Groq, request: HttpRequest, socket: Socket, gone: AbortSignal) {
  const facts = factsOf(request, groq.socketNumber(socket));
  const attempt = groq.log.open(request, facts);
  const wire = createWire(socket, gone, groq.log.observer(attempt));
  if (isObject(facts.body)) attempt.model = stringAt(facts.body, 'model');

  /** A model whose name describes a fault wrongly, as in `lab/cut:bogus=1`. */
  function refuseBadStep(error: unknown): Promise<void> {
    if (!(error instanceof BadStep)) throw error;
    return refuse(wire, badRequest(error.message, 'model'));
  }

  try {
    await (async () => route(groq, request, attempt, wire))().catch(refuseBadStep);
    groq.log.finish(attempt, 'answered');
  } catch (error) {
    groq.log.finish(attempt, 'hung-up');
    if (!(error instanceof CallerGone)) throw error;
  }
}

/** Answers Groq's routes and logs every attempt. */
export const createGroqRouter =
  (groq: Groq) =>
  (request: HttpRequest, socket: Socket, gone: AbortSignal): Promise<void> =>
    answer(groq, request, socket, gone);
