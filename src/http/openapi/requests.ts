import { z } from 'zod';
import { chatSchema, completionSchema } from '../chat-schema.ts';
import { speechSchema } from '../routes/audio.ts';
import { embeddingsSchema } from '../routes/embeddings.ts';
import { countSchema, messagesSchema } from '../shapes/anthropic/schema.ts';
import { completionsSchema } from '../shapes/completions/schema.ts';
import { responsesSchema } from '../shapes/responses/schema.ts';

/** A form with a recording. Groq judges it: it is handed on as it comes. */
const recordingSchema = z.looseObject({
  model: z.string().describe('`whisper-large-v3` or `whisper-large-v3-turbo`'),
  file: z.file().describe('At most 25 MiB'),
  language: z.string().optional().describe('ISO 639-1'),
  prompt: z.string().optional(),
  response_format: z.enum(['json', 'text', 'verbose_json']).optional(),
  temperature: z.number().optional(),
});

/** The very schemas that judge requests, by the names under which the description has them. */
export const REQUESTS = {
  ChatRequest: chatSchema,
  ChatCompletionRequest: completionSchema,
  CompletionRequest: completionsSchema,
  ResponsesRequest: responsesSchema,
  EmbeddingsRequest: embeddingsSchema,
  SpeechRequest: speechSchema,
  RecordingForm: recordingSchema,
  MessagesRequest: messagesSchema,
  CountTokensRequest: countSchema,
} as const;

export type RequestName = keyof typeof REQUESTS;
