import { maxTokensOf } from '../answer.ts';
import { tooManyTokens } from '../limits.ts';
import { nowMs } from '../now.ts';
import { play } from '../play.ts';
import * as refusal from '../refusal.ts';
import type { Fault } from './fault.ts';

const retryAfter = (seconds: number): Record<string, string> =>
  seconds >= 0 ? { 'retry-after': String(seconds) } : {};

const statusFault = (status: number, number: number, sentence: string): Fault => ({
  ...{ name: String(status), number, sentence },
  defaults: { retryAfter: -1, delay: 0 },
  async play(scene, settings) {
    if (settings.number('delay') > 0) await scene.wire.wait(settings.number('delay'));
    const headers = retryAfter(settings.number('retryAfter'));
    await scene.refuse({ ...refusal.serverError(status), headers });
  },
});

const refusing = (
  name: string,
  number: number,
  sentence: string,
  make: (model: string) => refusal.Refusal,
): Fault => ({
  ...{ name, number, sentence, defaults: {} },
  play: (scene) => scene.refuse(make(scene.model)),
});

const rateLimited = (model: string, seconds: number): refusal.Refusal => ({
  status: 429,
  headers: retryAfter(seconds),
  error: {
    message: `Rate limit reached for model \`${model}\` in organization \`org_lab\` service tier \`on_demand\` on tokens per minute (TPM): Limit 8000, Used 7930, Requested 205. Please try again in ${Math.max(0, seconds)}s.`,
    ...{ type: 'tokens', code: 'rate_limit_exceeded' },
  },
});

const tooMany: Fault = {
  ...{ name: '413', number: 22 },
  sentence:
    '413 as long as prompt and max_tokens together exceed `limit` tokens; healthy below it.',
  defaults: { limit: 4000 },
  async play(scene, settings) {
    const limit = settings.number('limit');
    const requested = maxTokensOf(scene.body) ?? 0;
    if (requested <= limit) return play(scene);
    return scene.refuse(tooManyTokens(scene.model, limit, requested));
  },
};

/** Faults that are an error answer with a status and a body of Groq's. */
export const statusFaults: readonly Fault[] = [
  {
    ...{ name: '429', number: 1, defaults: { retryAfter: 1 } },
    sentence: '429 with retry-after in seconds.',
    play: (scene, settings) =>
      scene.refuse(rateLimited(scene.model, settings.number('retryAfter'))),
  },
  {
    ...{ name: '429-date', number: 1, defaults: { retryAfter: 2 } },
    sentence: '429 with retry-after as an HTTP date that many seconds ahead.',
    play(scene, settings) {
      const seconds = settings.number('retryAfter');
      const date = new Date(Math.ceil((nowMs() + seconds * 1000) / 1000) * 1000).toUTCString();
      return scene.refuse({
        ...rateLimited(scene.model, seconds),
        headers: { 'retry-after': date },
      });
    },
  },
  {
    ...{ name: '429-bare', number: 2, defaults: {} },
    sentence: '429 without retry-after.',
    play: (scene) => scene.refuse(rateLimited(scene.model, -1)),
  },
  statusFault(500, 3, '500 with a JSON error.'),
  statusFault(502, 4, '502 with a JSON error.'),
  statusFault(503, 4, '503 with a JSON error.'),
  statusFault(504, 4, '504 with a JSON error.'),
  statusFault(498, 4, '498, the flex tier is full.'),
  statusFault(408, 4, '408, the provider took too long to read the request.'),
  statusFault(409, 4, '409, a conflict that passes.'),
  statusFault(422, 4, '422, the provider could not make sense of it.'),
  tooMany,
  {
    ...{ name: 'redirect', number: 4, defaults: {} },
    sentence: '308 to another host.',
    async play({ wire }) {
      await wire.head(308, { location: 'http://lab.invalid/openai/v1', 'content-length': '0' });
    },
  },
  refusing('context', 12, '400 context_length_exceeded.', refusal.contextExceeded),
  refusing('policy', 13, '400 for content policy.', refusal.contentPolicy),
  refusing('bad-request', 12, '400 invalid_request_error.', () =>
    refusal.badRequest("'temperature' : must be at most 2", 'temperature'),
  ),
  refusing('tool-use-failed', 3, '400 tool_use_failed with failed_generation.', () =>
    refusal.brokenOutput('tool_use_failed', '<function=broken{'),
  ),
  refusing('json-validate-failed', 3, '400 json_validate_failed with failed_generation.', () =>
    refusal.brokenOutput('json_validate_failed', '{"half": '),
  ),
  refusing('401', 20, '401, the key was revoked.', refusal.invalidKey),
  refusing('403', 20, '403, the key may not do this.', refusal.forbidden),
  refusing('retired', 21, '400 model_decommissioned.', refusal.modelDecommissioned),
  refusing('unknown-model', 21, '404 model_not_found.', refusal.modelNotFound),
];
