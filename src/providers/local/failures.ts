import { AttemptError } from '../../core/attempt.ts';
import { ApiError } from '../../core/errors.ts';
import type { Refusal } from './protocol.ts';

/** The local model can't answer now; the message says why and what to do, and names no path. */
export function unavailable(message: string, details: Details = {}): ApiError {
  const { retryAfterMs, cause } = details;
  return new ApiError('local_model_unavailable', message, {
    ...(retryAfterMs === undefined ? {} : { retryAfterMs }),
    cause,
  });
}

type Details = { readonly retryAfterMs?: number | undefined; readonly cause?: unknown };

/** The file looked well from outside, and llama.cpp would not have it. */
export function unloadable(cause: unknown): ApiError {
  return unavailable(
    'The local model could not be loaded: its file is damaged, or of a kind that this engine ' +
      'does not know. Replace the file, or choose another model.',
    { cause },
  );
}

/** The model's process ended, or was ended, while it worked for somebody. */
export function crashed(cause?: unknown): ApiError {
  return unavailable('The local model stopped unexpectedly and is being restarted. Try again.', {
    retryAfterMs: 1000,
    cause,
  });
}

/** The model's process gave no sign of life for too long, and was ended. */
export function hung(cause?: unknown): ApiError {
  return unavailable('The local model stopped responding and is being restarted. Try again.', {
    retryAfterMs: 1000,
    cause,
  });
}

/** Everybody who waits is served before this caller, and the line is full. */
export function queueFull(retryAfterMs: number): ApiError {
  const seconds = Math.max(1, Math.ceil(retryAfterMs / 1000));
  return new ApiError(
    'local_queue_full',
    `The local model is busy and its queue is full. Try again in about ${seconds} s.`,
    { retryAfterMs },
  );
}

/** What the child refused, in the shape that callers read. */
export function refusalError({ code, message, param }: Refusal): ApiError {
  return new ApiError(code, message, param === undefined ? {} : { param });
}

/** What this model or this engine does not do; `param` is the field that asks for it. */
export function notSupported(message: string, param: string): ApiError {
  return new ApiError('not_supported', message, { param });
}

/** A stream that had begun and broke: the model's fault, so that somebody else may carry on. */
export function cutStream(answer: ApiError): AttemptError {
  return new AttemptError({ cause: 'cut', verdict: 'next', countsAsFault: true, answer });
}
