import { z } from 'zod';
import type { ChatRequest } from '../core/chat.ts';
import type { JsonBody } from './json/body.ts';
import { askedModels, optional } from './optional-field.ts';
import { invalid, parse } from './parse-body.ts';

/** A chat request as the schemas leave it, before it gets its id. */
export type ParsedChat = Pick<ChatRequest, 'params' | 'models'> & {
  /** Whether the body says just what `params` do. */
  readonly isVerbatim: boolean;
};

const part = z.looseObject({ type: z.string() });

const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool', 'function']),
  content: z.union([z.string(), z.array(part)]).nullish(),
});

/** Fields that both shapes know. Everything else passes through untouched. */
const common = {
  ...askedModels,
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.int().nullish(),
};

/** Fields that only the short shape knows, or only this server. */
const REWRITTEN = ['prompt', 'system', 'models'] as const;

/** OpenAI's body of a chat completion. */
export const completionSchema = z.looseObject({
  ...common,
  messages: z.array(message).min(1),
  max_completion_tokens: z.int().min(1).nullish(),
  n: z.int().min(1).nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  tools: z.array(z.looseObject({ type: z.string() })).nullish(),
  response_format: z.looseObject({ type: z.string() }).nullish(),
  user: z.string().nullish(),
});

/** The short shape: a prompt, or messages, with an optional system text. */
export const chatSchema = z.looseObject({
  ...common,
  prompt: optional(z.string()),
  system: optional(z.string()),
  messages: optional(z.array(message).min(1)),
});

/** Reads an OpenAI body; long texts in messages and tools only when somebody wants them. */
export function completionIn(body: JsonBody): ParsedChat {
  return body.parsed(parseCompletion, ({ params }) => [params.messages, params['tools']]);
}

/** Reads a body in the short shape. */
export function chatIn(body: JsonBody): ParsedChat {
  return parseChat(body.value());
}

/**
 * Reads an OpenAI body.
 *
 * @throws ApiError that names the field at fault.
 */
export function parseCompletion(body: unknown): ParsedChat {
  const parsed = parse(completionSchema, body);
  if (!('models' in parsed)) return { params: parsed, models: undefined, isVerbatim: true };
  const { models, ...params } = parsed;
  return { params, models, isVerbatim: false };
}

/**
 * Reads the short shape into OpenAI's.
 *
 * @throws ApiError that names the field at fault.
 */
export function parseChat(body: unknown): ParsedChat {
  const parsed = parse(chatSchema, body);
  const { prompt, system, messages, models, ...rest } = parsed;
  if (prompt !== undefined && messages) {
    throw invalid('Send either prompt or messages, not both.', 'prompt');
  }
  if (!messages && !prompt?.trim()) {
    throw invalid('Send the question as prompt (a text), or a list of messages.', 'prompt');
  }
  const asked = messages ?? [{ role: 'user' as const, content: prompt }];
  const all = system ? [{ role: 'system' as const, content: system }, ...asked] : asked;
  const isVerbatim = !REWRITTEN.some((field) => field in parsed);
  return { params: { ...rest, messages: all }, models, isVerbatim };
}
