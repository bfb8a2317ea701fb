import type { JsonObject } from './json.ts';

/** An error answer of Groq's: status, body members, and headers of its own. */
export type Refusal = {
  readonly status: number;
  readonly error: JsonObject;
  readonly headers?: Readonly<Record<string, string>>;
};

const invalid = 'invalid_request_error';

/** 400 for a request that Groq doesn't take, with the property it stumbles over. */
export const badRequest = (message: string, param?: string): Refusal => ({
  status: 400,
  error: { message, type: invalid, ...(param === undefined ? {} : { param }) },
});

/** 401 for a key that Groq doesn't know. */
export const invalidKey = (): Refusal => ({
  status: 401,
  error: { message: 'Invalid API Key', type: invalid, code: 'invalid_api_key' },
});

/** 403 for a key that may not do this. */
export const forbidden = (): Refusal => ({
  status: 403,
  error: { message: 'Forbidden', type: 'permissions_error', code: 'permissions_error' },
});

/** 404 for a model that never was. */
export const modelNotFound = (model: string): Refusal => ({
  status: 404,
  error: {
    message: `The model \`${model}\` does not exist or you do not have access to it.`,
    ...{ type: invalid, code: 'model_not_found' },
  },
});

/** 400 for a model that was shut down. */
export const modelDecommissioned = (model: string): Refusal => ({
  status: 400,
  error: {
    message:
      `The model \`${model}\` has been decommissioned and is no longer supported. Please refer to ` +
      'https://console.groq.com/docs/deprecations for a recommendation on which model to use instead.',
    ...{ type: invalid, code: 'model_decommissioned' },
  },
});

/** 400 for a prompt that is longer than the model's context. */
export const contextExceeded = (): Refusal => ({
  status: 400,
  error: {
    message: 'Please reduce the length of the messages or completion.',
    ...{ type: invalid, param: 'messages', code: 'context_length_exceeded' },
  },
});

/** 400 for content that the provider won't deal with. */
export const contentPolicy = (): Refusal => ({
  status: 400,
  error: {
    message: 'The request was refused by the content policy of the provider.',
    ...{ type: invalid, code: 'content_policy_violation' },
  },
});

/** 400 for output that the model broke, with what it wrote. */
export const brokenOutput = (code: string, failedGeneration: string): Refusal => ({
  status: 400,
  error: {
    message: 'Failed to generate a valid answer. See failed_generation for more details.',
    ...{ type: invalid, code, failed_generation: failedGeneration },
  },
});

/** 404 for a path that Groq doesn't have. */
export const unknownUrl = (method: string, path: string): Refusal => ({
  status: 404,
  error: {
    message:
      `Unknown request URL: ${method} ${path}. Please check the URL for typos, or see the docs ` +
      'at https://console.groq.com/docs/',
    ...{ type: invalid, code: 'unknown_url' },
  },
});

/** A 5xx, or another status with the body that Groq gives to its own failures. */
export const serverError = (status: number): Refusal => ({
  status,
  error: {
    message: status === 503 ? 'Service Unavailable' : 'Internal Server Error',
    ...{ type: 'internal_server_error' },
  },
});
