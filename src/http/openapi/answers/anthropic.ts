import { z } from 'zod';

const block = z.looseObject({ type: z.string() });

const message = z.looseObject({
  id: z.string(),
  type: z.literal('message'),
  role: z.literal('assistant'),
  model: z.string().describe('Who really answered'),
  content: z.array(block),
  stop_reason: z.string().nullable(),
  stop_sequence: z.string().nullable(),
  usage: z.looseObject({ input_tokens: z.int(), output_tokens: z.int() }),
});

const event = z.looseObject({
  type: z.string().describe('`message_start`, `content_block_delta`, `message_stop`, …'),
});

const tokenCount = z.object({ input_tokens: z.int().min(0).describe('An estimate') });

const error = z
  .object({
    type: z.literal('error'),
    error: z.looseObject({
      type: z.string(),
      message: z.string(),
      code: z.string().nullable(),
      param: z.string().nullable(),
    }),
  })
  .describe("Every failure on these routes: Anthropic's shape, with OpenAI's code and param");

/** Answers in Anthropic's shapes. */
export const ANTHROPIC_ANSWERS = {
  Message: message,
  MessageEvent: event,
  TokenCount: tokenCount,
  AnthropicError: error,
} as const;
