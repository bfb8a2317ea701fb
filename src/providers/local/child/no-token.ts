import type { SequenceEvaluateOptions } from 'node-llama-cpp';
import { Refused } from './refused.ts';

/**
 * What went wrong where no token could be chosen: the caller's own bans, as far as there are some.
 * llama.cpp then takes one that the grammar refuses to accept.
 */
export function noToken({ tokenBias }: SequenceEvaluateOptions, cause?: unknown): Error {
  if (tokenBias === undefined) return new Error('the model gave no token', { cause });
  return new Refused({
    code: 'invalid_request',
    message:
      'logit_bias forbids every token that can stand here by response_format, tool_choice or the ' +
      'given beginning of the answer. Lift a ban, or ask for another form.',
    param: 'logit_bias',
  });
}
