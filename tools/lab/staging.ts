import { randomUUID } from 'node:crypto';
import type { AnswerOptions } from './answer-text.ts';
import type { Attempt } from './attempts.ts';
import { faultNamed } from './faults/catalogue.ts';
import { settingsOf } from './faults/fault.ts';
import type { Generation } from './generation.ts';
import type { HttpRequest } from './http-request.ts';
import { isObject } from './json.ts';
import type { Limiter } from './limits.ts';
import { type LabModel, retiredModels, scriptedModel } from './models.ts';
import { modelDecommissioned, modelNotFound, type Refusal } from './refusal.ts';
import type { Scene } from './scene.ts';
import type { Playing, Scripts } from './script.ts';
import { describeStep } from './step.ts';
import type { Wire } from './wire.ts';

/** What all requests to the lab share. */
export type Stage = {
  readonly models: readonly LabModel[];
  readonly limiter: Limiter;
  readonly scripts: Scripts;
  readonly answer: Required<AnswerOptions>;
  readonly gapMs: number;
};

/** Sends a JSON body with its length. */
export async function sendJson(
  wire: Wire,
  status: number,
  body: unknown,
  headers: Readonly<Record<string, string>> = {},
): Promise<void> {
  const bytes = Buffer.from(JSON.stringify(body));
  const length = { 'content-type': 'application/json', 'content-length': String(bytes.length) };
  await wire.head(status, { ...length, ...headers });
  await wire.send(bytes);
}

/** Headers that every answer of Groq's carries. */
export const commonHeaders = (): Record<string, string> => ({
  date: new Date().toUTCString(),
  ...{ server: 'keyturn-lab', vary: 'Origin', 'x-groq-region': 'lab' },
  'x-request-id': `req_${randomUUID()}`,
});

function findModel({ models, scripts }: Stage, id: string): LabModel | Refusal {
  const found = models.find((model) => model.id === id);
  if (found) return found;
  if (scripts.knows(id)) return scriptedModel(id);
  return retiredModels.includes(id) ? modelDecommissioned(id) : modelNotFound(id);
}

type Cast = {
  readonly stage: Stage;
  readonly generation: Generation;
  readonly request: HttpRequest;
  readonly wire: Wire;
  readonly attempt: Attempt;
};

function createScene({ stage, generation, request, wire, attempt }: Cast, playing: Playing): Scene {
  const body = isObject(attempt.body) ? attempt.body : {};
  const id = attempt.model ?? '';
  const key = attempt.key ?? '';
  const { gapMs = stage.gapMs, answerTokens = stage.answer.tokens } = playing.step.parameters;
  const answer = { ...stage.answer, tokens: Number(answerTokens) };
  const headers = () => ({ ...commonHeaders(), ...stage.limiter.headers(key, id) });
  const refuse = ({ status, error, headers: own }: Refusal) =>
    sendJson(wire, status, { error }, { ...headers(), ...own });

  return {
    ...{ request, wire, body, headers, refuse, model: id, sinceMs: playing.sinceMs },
    gapMs: Number(gapMs),
    streams: body.stream === true,
    async admit(bend) {
      const model = findModel(stage, id);
      const refusal = 'error' in model ? model : generation.check(body, model);
      if (refusal) return void (await refuse(refusal));
      if ('error' in model) return undefined;
      const performance = generation.perform(body, model, request.arrivedAtMs, {
        ...answer,
        ...bend,
      });
      const admission = stage.limiter.take(key, id, performance.requestedTokens);
      if ('error' in admission) return void (await refuse(admission));
      admission.settle(performance.spentTokens);
      return performance;
    },
  };
}

/** Plays what the script says for this request's model. */
export async function stageGeneration(cast: Cast): Promise<void> {
  const { stage, attempt, request } = cast;
  const playing = stage.scripts.next(attempt.model, request.arrivedAtMs);
  const { fault, parameters } = playing.step;
  attempt.step = describeStep(playing.step);
  await faultNamed(fault).play(createScene(cast, playing), settingsOf(parameters));
}
