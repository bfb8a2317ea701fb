import { z } from 'zod';
import type { ChatParams } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import { isObject } from '../../core/json.ts';
import { notSupported } from './failures.ts';

const number = (least: number, most: number) => z.number().min(least).max(most).nullish();
const count = z.int().min(0).nullish();
const length = z.int().min(1).nullish();

/** What the local model reads of an OpenAI request; other fields are ignored. */
const Params = z.object({
  max_tokens: length,
  max_completion_tokens: length,
  temperature: number(0, 2),
  top_p: number(0, 1),
  top_k: count,
  min_p: number(0, 1),
  frequency_penalty: number(-2, 2),
  presence_penalty: number(-2, 2),
  repeat_penalty: number(0.01, 10),
  seed: z.int().nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(16)]).nullish(),
  n: z.int().min(1).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.object({ include_usage: z.boolean().nullish() }).nullish(),
  logprobs: z.boolean().nullish(),
  top_logprobs: z.int().min(0).max(20).nullish(),
  logit_bias: z.record(z.string().regex(/^\d+$/), z.number().min(-100).max(100)).nullish(),
  response_format: z
    .object({
      type: z.enum(['text', 'json_object', 'json_schema']),
      json_schema: z.object({ schema: z.unknown().optional() }).nullish(),
    })
    .nullish(),
  tools: z
    .array(
      z.object({
        function: z.object({
          name: z.string().min(1),
          description: z.string().nullish(),
          parameters: z.unknown().optional(),
        }),
      }),
    )
    .nullish(),
  functions: z.array(z.unknown()).nullish(),
  function_call: z.unknown().optional(),
  parallel_tool_calls: z.boolean().nullish(),
  tool_choice: z
    .union(
      [
        z.enum(['none', 'auto', 'required']),
        z.object({ function: z.object({ name: z.string() }) }),
        z.object({ type: z.literal('allowed_tools') }),
      ],
      'must be none, auto, required, or name a function',
    )
    .nullish(),
});

export type LocalParams = z.infer<typeof Params>;

/**
 * Checks the fields that the local model acts on.
 *
 * @throws ApiError `invalid_request` that names the first wrong field; `not_supported` for tools that
 *   are no functions: a provider's own search, for one, is known only there
 */
export function parseParams(params: ChatParams): LocalParams {
  // Tools that may not be called needn't be understood.
  const asked = params['tool_choice'] === 'none' ? { ...params, tools: undefined } : params;
  refuseOtherTools(asked['tools']);
  const result = Params.safeParse(asked);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const param = issue?.path.join('.') ?? '';
  const message = `${param || 'The request'}: ${issue?.message ?? 'is not valid'}.`;
  throw new ApiError('invalid_request', message, param ? { param } : {});
}

function refuseOtherTools(tools: unknown): void {
  if (!Array.isArray(tools)) return;
  for (const [index, tool] of tools.entries()) {
    const type: unknown = isObject(tool) ? tool['type'] : undefined;
    if (typeof type !== 'string' || type === 'function') continue;
    const message = `The local model knows functions only, and no tool of type "${type}".`;
    throw notSupported(message, `tools.${index}.type`);
  }
}
