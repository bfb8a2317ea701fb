/** Headers that answers bring, as the API's description shows them. */
export const HEADERS = {
  'x-request-id': text('Quote it when you report a problem.', 'req_0b9c…'),
  'x-key-expires': text('When the client key turns (ISO 8601).', '2026-11-28T08:18:39.204Z'),
  'x-served-by': text('Who answered.', 'groq/openai/gpt-oss-120b'),
  'x-fallback-trail': text(
    'Who was tried before, each with the cause of its failure; there where more than one was tried.',
    'groq/openai/gpt-oss-120b:timeout, local/lifeboat',
  ),
  'x-model-replaced': text(
    'The asked model is retired; its successor answered.',
    'llama-3.1-8b-instant -> openai/gpt-oss-20b',
  ),
  'x-max-tokens-clamped': count('To what `max_tokens` was lowered to fit the limit.'),
  'x-max-tokens': count('What `max_tokens` was set to, since the request named none.'),
  'x-cache': {
    description: 'With `CACHE_TTL_S`: from memory or not.',
    schema: { type: 'string', enum: ['hit', 'miss'] },
  },
  'x-model-arm': text('The model that `MODEL_SPLIT` chose.', 'openai/gpt-oss-20b'),
  'x-ignored-fields': text('Fields of the request that were left out.', 'store'),
  'x-token-count': text('`estimate`: counted from the characters.', 'estimate'),
  'x-ratelimit-limit-requests': count('Requests a day.'),
  'x-ratelimit-remaining-requests': count('What is left of them.'),
  'x-ratelimit-reset-requests': text('Until all are back, as a Go duration.', '1m26.4s'),
  'x-ratelimit-limit-tokens': count('Tokens a minute.'),
  'x-ratelimit-remaining-tokens': count('What is left of them.'),
  'x-ratelimit-reset-tokens': text('Until all are back, as a Go duration.', '7.66s'),
  'retry-after': count('Seconds to wait.'),
  'request-id': text("The same as `x-request-id`, under Anthropic's name.", 'req_0b9c…'),
  etag: text('Changes with the description.', '"9f86d081"'),
} as const;

export type HeaderName = keyof typeof HEADERS;

const LIMITS = [
  'x-ratelimit-limit-requests',
  'x-ratelimit-remaining-requests',
  'x-ratelimit-reset-requests',
  'x-ratelimit-limit-tokens',
  'x-ratelimit-remaining-tokens',
  'x-ratelimit-reset-tokens',
] as const satisfies readonly HeaderName[];

/** What a model's answer tells beside its body. */
export const OF_AN_ANSWER = ['x-served-by', 'x-fallback-trail', ...LIMITS] as const;

/** The same of a chat. */
export const OF_A_CHAT = [
  ...OF_AN_ANSWER,
  'x-model-replaced',
  'x-max-tokens-clamped',
  'x-max-tokens',
  'x-cache',
  'x-model-arm',
] as const satisfies readonly HeaderName[];

/** What a 429 tells beside its message. */
export const OF_A_LIMIT = ['retry-after', ...LIMITS] as const;

function text(description: string, example: string) {
  return { description, schema: { type: 'string' }, example };
}

function count(description: string) {
  return { description, schema: { type: 'integer', minimum: 0 } };
}
