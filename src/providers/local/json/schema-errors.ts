import { ApiError } from '../../../core/errors.ts';

/** For what no grammar can hold an answer to. */
export function notPromised(what: string, param: string): ApiError {
  return new ApiError(
    'not_supported',
    `The local model can't promise ${what} in a JSON schema. Leave it out, and check it yourself.`,
    { param },
  );
}

/** For a schema that is none. */
export function invalid(message: string, param: string): ApiError {
  return new ApiError('invalid_request', message, { param });
}
