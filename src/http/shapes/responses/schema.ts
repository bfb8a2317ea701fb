import { z } from 'zod';
import { askedModels } from '../../optional-field.ts';
import { notSupported, parse } from '../../parse-body.ts';

const item = z.looseObject({
  type: z.string().optional(),
  role: z.enum(['user', 'assistant', 'system', 'developer']).optional(),
  content: z.union([z.string(), z.array(z.looseObject({ type: z.string() }))]).nullish(),
});

/** OpenAI's body of a Responses request. */
export const responsesSchema = z.looseObject({
  ...askedModels,
  input: z.union([z.string(), z.array(item).min(1)]),
  instructions: z.string().nullish(),
  stream: z.boolean().nullish(),
  max_output_tokens: z.int().min(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  tools: z.array(z.looseObject({ type: z.string() })).nullish(),
  tool_choice: z.union([z.string(), z.looseObject({ type: z.string() })]).nullish(),
  parallel_tool_calls: z.boolean().nullish(),
  text: z.looseObject({ format: z.looseObject({ type: z.string() }).nullish() }).nullish(),
  reasoning: z.looseObject({ effort: z.string().nullish() }).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  previous_response_id: z.string().nullish(),
  store: z.boolean().nullish(),
  background: z.boolean().nullish(),
});

/** A Responses request that can be served. */
export type ResponsesParams = z.infer<typeof responsesSchema>;

/** What reads as one item of `input`. */
export type InputItem = z.infer<typeof item>;

type Parsed = {
  readonly params: ResponsesParams;
  readonly models: readonly string[] | undefined;
  /** Fields that were left out, since they don't touch the answer. */
  readonly ignored: readonly string[];
  /** Whether the body says just what `params` do. */
  readonly isVerbatim: boolean;
};

const NOTHING_KEPT =
  'keyturn keeps no responses, so an earlier one cannot be continued. Send the earlier turns as items of input.';

/**
 * Reads a Responses request.
 *
 * @throws ApiError that names the field at fault, also for what needs a store of responses.
 */
export function parseResponses(body: unknown): Parsed {
  const parsed = parse(responsesSchema, body);
  const { models, ...all } = parsed;
  if (all.previous_response_id) throw notSupported(NOTHING_KEPT, 'previous_response_id');
  if (all['conversation']) throw notSupported(NOTHING_KEPT, 'conversation');
  if (all.background) {
    throw notSupported('keyturn answers at once: leave background out.', 'background');
  }
  if (all['prompt']) {
    throw notSupported('keyturn has no stored prompts: send the text as input.', 'prompt');
  }
  const isVerbatim = !('models' in parsed);
  if (!all.store) return { params: all, models, ignored: [], isVerbatim };
  const { store: _, ...params } = all;
  return { params, models, ignored: ['store'], isVerbatim: false };
}
