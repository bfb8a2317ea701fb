import { z } from 'zod';
import { askedModels } from '../../optional-field.ts';
import { notSupported, parse } from '../../parse-body.ts';

const block = z.looseObject({ type: z.string() });

const message = z.looseObject({
  role: z.enum(['user', 'assistant', 'system']),
  content: z.union([z.string(), z.array(block)]),
});

const common = {
  model: askedModels.model,
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(block)]).nullish(),
  tools: z.array(z.looseObject({ name: z.string().min(1) })).nullish(),
  tool_choice: z
    .looseObject({ type: z.enum(['auto', 'any', 'tool', 'none']), name: z.string().optional() })
    .nullish(),
  thinking: z.looseObject({ type: z.string() }).nullish(),
};

/** Anthropic's body of a message request. */
export const messagesSchema = z.looseObject({
  ...common,
  models: askedModels.models,
  max_tokens: z.int().min(1),
  stream: z.boolean().nullish(),
  temperature: z.number().min(0).max(1).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  stop_sequences: z.array(z.string().min(1)).max(16).nullish(),
  metadata: z.looseObject({ user_id: z.string().nullish() }).nullish(),
  output_config: z
    .looseObject({ effort: z.string().nullish(), format: z.looseObject({}).nullish() })
    .nullish(),
  output_format: z.looseObject({ type: z.string() }).nullish(),
});

/** Anthropic's body of a request that only counts. */
export const countSchema = z.looseObject(common);

export type MessagesParams = z.infer<typeof messagesSchema>;
export type CountParams = z.infer<typeof countSchema>;
export type Block = z.infer<typeof block>;
export type Message = z.infer<typeof message>;

/**
 * Reads a message request.
 *
 * @throws ApiError that names the field at fault.
 */
export function parseMessages(body: unknown): MessagesParams {
  const params = parse(messagesSchema, body);
  for (const field of ['mcp_servers', 'container']) {
    if (isSaid(params[field])) throw notSupported(`${field} is not offered here.`, field);
  }
  return params;
}

const CARRIED: ReadonlySet<string> = new Set(Object.keys(messagesSchema.shape));

/** Fields that are not carried, and whose names a header can hold, as far as there is room for them. */
export function ignoredFields(params: MessagesParams): string[] {
  const names = Object.keys(params).filter((name) => !CARRIED.has(name) && isSaid(params[name]));
  return names.filter((name) => /^\w{1,40}$/.test(name)).slice(0, 20);
}

function isSaid(value: unknown): boolean {
  return value !== undefined && value !== null && !(Array.isArray(value) && value.length === 0);
}

/**
 * Reads a request that only counts.
 *
 * @throws ApiError that names the field at fault.
 */
export function parseCount(body: unknown): CountParams {
  return parse(countSchema, body);
}
