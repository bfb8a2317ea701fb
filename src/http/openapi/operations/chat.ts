import type { ErrorCode } from '../../../core/errors.ts';
import { OF_A_CHAT } from '../headers.ts';
import type { Operation } from '../operation.ts';

/** How a body can be wrong. */
export const BODY_ERRORS = [
  'invalid_json',
  'invalid_request',
  'body_too_large',
  'unsupported_media_type',
] as const satisfies readonly ErrorCode[];

/** How the cloud can fail where nobody else may answer. */
export const CLOUD_ERRORS = [
  'rate_limit_exceeded',
  'provider_error',
  'provider_unavailable',
  'provider_timeout',
] as const satisfies readonly ErrorCode[];

/** How the local model can fail. */
export const LOCAL_ERRORS = [
  'context_length_exceeded',
  'not_supported',
  'local_queue_full',
  'local_model_unavailable',
] as const satisfies readonly ErrorCode[];

const ON_THE_ROAD = ['fallback', 'noStore', 'requestId'] as const;

/** How a request can fail that a model answers. */
const ROAD_ERRORS = [
  ...BODY_ERRORS,
  ...CLOUD_ERRORS,
  ...LOCAL_ERRORS,
  'model_not_found',
  'shutting_down',
] as const;

const hello = [{ role: 'user', content: 'What does a 429 mean?' }];

/** Questions in OpenAI's shape and in ours. */
export const CHAT: readonly Operation[] = [
  {
    on: ['POST /chat', 'POST /api/chat'],
    name: 'chat',
    tag: 'chat',
    summary: 'Ask in a short form',
    about: 'A prompt, or messages. The answer has the shape of OpenAI’s chat completions.',
    access: 'client',
    parameters: ON_THE_ROAD,
    body: { schema: 'ChatRequest', example: { prompt: 'What does a 429 mean?' } },
    answer: {
      says: 'The answer, whole or as events',
      schema: 'ChatCompletion',
      events: 'ChatCompletionChunk',
      headers: OF_A_CHAT,
    },
    errors: ROAD_ERRORS,
  },
  {
    on: ['POST /local-chat'],
    name: 'localChat',
    tag: 'chat',
    summary: 'Ask the local model only',
    access: 'client',
    parameters: ['requestId'],
    body: { schema: 'ChatRequest', example: { prompt: 'Hello' } },
    answer: {
      says: 'The answer, whole or as events',
      schema: 'ChatCompletion',
      events: 'ChatCompletionChunk',
      headers: ['x-served-by'],
    },
    errors: [...BODY_ERRORS, ...LOCAL_ERRORS, 'shutting_down'],
  },
  {
    on: ['POST /v1/chat/completions', 'POST /chat/completions'],
    name: 'chatCompletion',
    tag: 'chat',
    summary: "OpenAI's chat completions",
    about:
      'Whole and streamed, tools, JSON output, images. What this server doesn’t know passes through to Groq. `models` is an own chain of fallbacks.',
    access: 'client',
    parameters: ON_THE_ROAD,
    body: { schema: 'ChatCompletionRequest', example: { model: 'gpt-4o-mini', messages: hello } },
    answer: {
      says: 'The answer, whole or as events',
      schema: 'ChatCompletion',
      events: 'ChatCompletionChunk',
      headers: OF_A_CHAT,
    },
    errors: ROAD_ERRORS,
  },
  {
    on: ['POST /v1/completions', 'POST /completions'],
    name: 'completion',
    tag: 'openai',
    summary: 'Legacy completions',
    about: 'Each prompt is the one turn of a chat.',
    access: 'client',
    parameters: ON_THE_ROAD,
    body: {
      schema: 'CompletionRequest',
      example: { prompt: 'Once upon a time', max_tokens: 60 },
    },
    answer: {
      says: 'The completion, whole or as events',
      schema: 'Completion',
      events: 'Completion',
      headers: OF_A_CHAT,
    },
    errors: ROAD_ERRORS,
  },
  {
    on: ['POST /v1/responses', 'POST /responses'],
    name: 'response',
    tag: 'openai',
    summary: "OpenAI's Responses",
    about: 'Groq’s own, byte for byte; from the local model in the same shape. Nothing is kept.',
    access: 'client',
    parameters: ['fallback', 'requestId'],
    body: {
      schema: 'ResponsesRequest',
      example: { model: 'openai/gpt-oss-20b', input: 'What does a 429 mean?' },
    },
    answer: {
      says: 'The response, whole or as events',
      schema: 'Response',
      events: 'ResponseEvent',
      headers: [...OF_A_CHAT, 'x-ignored-fields'],
    },
    errors: ROAD_ERRORS,
  },
  {
    on: ['POST /v1/messages'],
    name: 'message',
    tag: 'anthropic',
    summary: "Anthropic's messages",
    access: 'client',
    parameters: ON_THE_ROAD,
    body: {
      schema: 'MessagesRequest',
      example: { model: 'claude-sonnet-4-5', max_tokens: 500, messages: hello },
    },
    answer: {
      says: 'The message, whole or as events',
      schema: 'Message',
      events: 'MessageEvent',
      headers: [...OF_A_CHAT, 'x-ignored-fields', 'request-id'],
    },
    errors: ROAD_ERRORS,
  },
  {
    on: ['POST /v1/messages/count_tokens'],
    name: 'countTokens',
    tag: 'anthropic',
    summary: 'About how many tokens a message takes',
    access: 'client',
    parameters: ['requestId'],
    body: {
      schema: 'CountTokensRequest',
      example: { model: 'claude-sonnet-4-5', messages: hello },
    },
    answer: { says: 'The count', schema: 'TokenCount', headers: ['x-token-count'] },
    errors: [...BODY_ERRORS, 'not_supported'],
  },
];
