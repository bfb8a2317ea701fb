import { z } from 'zod';

const usage = z
  .looseObject({
    prompt_tokens: z.int().min(0),
    completion_tokens: z.int().min(0),
    total_tokens: z.int().min(0),
    estimated: z.boolean().optional().describe('true: counted from the characters'),
  })
  .describe('What it took');

const head = {
  id: z.string(),
  created: z.int().describe('Seconds since 1970'),
  model: z.string().describe('Who really answered'),
};

const toolCall = z.looseObject({
  id: z.string().optional(),
  type: z.string().optional(),
  function: z.looseObject({ name: z.string().optional(), arguments: z.string().optional() }),
});

const spoken = {
  role: z.string().optional(),
  content: z.string().nullish(),
  reasoning: z.string().nullish(),
  tool_calls: z.array(toolCall).nullish(),
};

const finishReason = z.string().nullish().describe('`stop`, `length`, `tool_calls`, …');

const chatCompletion = z.looseObject({
  ...head,
  object: z.literal('chat.completion'),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      message: z.looseObject(spoken),
      finish_reason: finishReason,
    }),
  ),
  usage,
});

const chatCompletionChunk = z.looseObject({
  ...head,
  object: z.literal('chat.completion.chunk'),
  choices: z.array(
    z.looseObject({
      index: z.int(),
      delta: z.looseObject(spoken),
      finish_reason: finishReason,
    }),
  ),
  usage: usage.nullish().describe('In the last event, where `stream_options` asks for it'),
});

/** A legacy completion: whole and streamed look the same. */
const completion = z.looseObject({
  ...head,
  object: z.literal('text_completion'),
  choices: z.array(
    z.looseObject({ index: z.int(), text: z.string(), finish_reason: finishReason }),
  ),
  usage: usage.nullish(),
});

const response = z.looseObject({
  id: z.string(),
  object: z.literal('response'),
  created_at: z.int(),
  status: z.string(),
  model: z.string(),
  output: z.array(z.looseObject({ type: z.string() })),
  usage: z
    .looseObject({ input_tokens: z.int(), output_tokens: z.int(), total_tokens: z.int() })
    .nullish(),
});

const responseEvent = z.looseObject({
  type: z.string().describe('`response.output_text.delta`, `response.completed`, …'),
  sequence_number: z.int().optional(),
});

const embeddings = z.looseObject({
  object: z.literal('list'),
  model: z.string(),
  data: z.array(
    z.looseObject({
      object: z.literal('embedding'),
      index: z.int(),
      embedding: z.union([z.array(z.number()), z.string()]),
    }),
  ),
  usage: z.looseObject({ prompt_tokens: z.int(), total_tokens: z.int() }),
});

const transcription = z.looseObject({ text: z.string() });

const model = z.looseObject({
  id: z.string(),
  object: z.literal('model'),
  created: z.int(),
  owned_by: z.string(),
  active: z.boolean().optional(),
  context_window: z.int().optional().describe('Prompt and answer together, in tokens'),
  alias_of: z.string().optional().describe('Another name of this model'),
});

const modelList = z.object({ object: z.literal('list'), data: z.array(model) });

const error = z
  .object({
    error: z.looseObject({
      message: z.string().describe('What went wrong, and what to do next'),
      type: z.string(),
      param: z.string().nullable().describe('The field at fault'),
      code: z.string().nullable(),
    }),
  })
  .describe("Every failure, in OpenAI's shape");

/** Answers in OpenAI's shapes. */
export const OPENAI_ANSWERS = {
  Usage: usage,
  ChatCompletion: chatCompletion,
  ChatCompletionChunk: chatCompletionChunk,
  Completion: completion,
  Response: response,
  ResponseEvent: responseEvent,
  Embeddings: embeddings,
  Transcription: transcription,
  Model: model,
  ModelList: modelList,
  Error: error,
} as const;
