import { z } from 'zod';
import type { ChatParams } from '../../../core/chat.ts';
import { askedModels } from '../../optional-field.ts';
import { notSupported, parse } from '../../parse-body.ts';

/** What a completion's prompt has no room for, or its answer. */
const OF_A_CHAT = ['messages', 'tools', 'functions'] as const;

const tokens = z.array(z.int().min(0)).min(1);

/** OpenAI's body of a legacy completion; fields of sampling are a chat's. */
export const completionsSchema = z.looseObject({
  ...askedModels,
  prompt: z.union([
    z.string(),
    z.array(z.string()).min(1).max(20),
    tokens,
    z.array(tokens).min(1).max(20),
  ]),
  echo: z.boolean().nullish(),
  suffix: z.string().nullish(),
  best_of: z.int().min(1).nullish(),
  n: z.int().min(1).nullish(),
  logprobs: z.int().min(0).max(5).nullish(),
  stream: z.boolean().nullish(),
  stream_options: z.looseObject({ include_usage: z.boolean().nullish() }).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  max_tokens: z.int().min(1).nullish(),
  stop: z.union([z.string(), z.array(z.string()).max(4)]).nullish(),
  seed: z.int().nullish(),
  presence_penalty: z.number().min(-2).max(2).nullish(),
  frequency_penalty: z.number().min(-2).max(2).nullish(),
  user: z.string().nullish(),
});

/** A legacy completion as the chats that answer it: one a prompt. */
export type Completions = {
  readonly prompts: readonly string[];
  /** Written in front of each answer. */
  readonly echo: boolean;
  /** How many answers each prompt gets. */
  readonly each: number;
  readonly chatOf: (prompt: string) => ChatParams;
  readonly models: readonly string[] | undefined;
  readonly stream: boolean;
  readonly includeUsage: boolean;
};

/**
 * Reads a legacy completion.
 *
 * @throws ApiError that names the field at fault.
 */
export function parseCompletions(body: unknown): Completions {
  const { prompt, echo, suffix, best_of, logprobs, models, ...rest } = parse(
    completionsSchema,
    body,
  );
  if (suffix) {
    throw notSupported(
      'Chat models cannot fill in before a suffix. Put the text around the gap into the prompt.',
      'suffix',
    );
  }
  const foreign = OF_A_CHAT.find((field) => Array.isArray(rest[field]) && rest[field].length > 0);
  if (foreign) {
    throw notSupported(
      `A completion is a prompt and the text behind it. Send ${foreign} to /v1/chat/completions.`,
      foreign,
    );
  }
  if (best_of && best_of > (rest.n ?? 1)) {
    throw notSupported('best_of is not offered: ask for one answer at a time.', 'best_of');
  }
  const stream = rest.stream ?? false;
  const { stream_options: options, ...sampling } = rest;
  const wanted = typeof logprobs === 'number' ? { logprobs: true, top_logprobs: logprobs } : {};
  return {
    prompts: textsOf(prompt),
    echo: echo ?? false,
    each: rest.n ?? 1,
    models,
    stream,
    includeUsage: options?.include_usage ?? false,
    chatOf: (text) => ({
      ...sampling,
      ...wanted,
      messages: [{ role: 'user', content: text }],
      ...(stream ? { stream_options: { ...options, include_usage: true } } : {}),
    }),
  };
}

function textsOf(prompt: z.infer<typeof completionsSchema>['prompt']): string[] {
  if (typeof prompt === 'string') return [prompt];
  const texts = prompt.filter((each) => typeof each === 'string');
  if (texts.length === prompt.length) return texts;
  throw notSupported('Send the prompt as text: token ids are not taken.', 'prompt');
}
