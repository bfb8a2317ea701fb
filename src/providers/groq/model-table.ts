/**
 * What is known of Groq's models without asking. Groq retires models often, so the live list is
 * believed first; this table saves the round trip (https://console.groq.com/docs/deprecations).
 */
const LARGE = 'openai/gpt-oss-120b';
const SMALL = 'openai/gpt-oss-20b';

/** Retired models and who follows them. */
const SUCCESSORS: Readonly<Record<string, string>> = {
  'llama-3.3-70b-versatile': LARGE,
  'llama-3.3-70b-specdec': LARGE,
  'llama-3.1-70b-versatile': LARGE,
  'llama-3.2-90b-vision-preview': LARGE,
  'llama-3.2-90b-text-preview': LARGE,
  'llama3-70b-8192': LARGE,
  'deepseek-r1-distill-llama-70b': LARGE,
  'mixtral-8x7b-32768': LARGE,
  'qwen-2.5-32b': LARGE,
  'qwen-qwq-32b': LARGE,
  'llama-3.1-8b-instant': SMALL,
  'llama-3.2-1b-preview': SMALL,
  'llama-3.2-3b-preview': SMALL,
  'llama-3.2-11b-vision-preview': SMALL,
  'llama-3.2-11b-text-preview': SMALL,
  'llama3-8b-8192': SMALL,
  'gemma-7b-it': SMALL,
  'gemma2-9b-it': SMALL,
};

/** Names that programs written for OpenAI send. They are listed as models. */
export const OPENAI_ALIASES: Readonly<Record<string, string>> = {
  'gpt-4o': LARGE,
  'gpt-4o-mini': SMALL,
  'gpt-3.5-turbo': SMALL,
};

/**
 * The model for names that programs written for Anthropic send: `claude-haiku-…` is small, any other
 * `claude-…` large. They are too many to be listed.
 */
export function anthropicAlias(name: string): string | undefined {
  if (!name.startsWith('claude-')) return undefined;
  return name.includes('haiku') ? SMALL : LARGE;
}

/** Groq's models for recordings, the usual one first. */
export const AUDIO_MODELS: readonly [string, ...string[]] = [
  'whisper-large-v3',
  'whisper-large-v3-turbo',
];

/** Prompt and completion together, in tokens. */
const CONTEXT_WINDOWS: Readonly<Record<string, number>> = { [LARGE]: 131_072, [SMALL]: 131_072 };

/** The model that follows a retired one. */
export function successorOf(model: string): string | undefined {
  return Object.hasOwn(SUCCESSORS, model) ? SUCCESSORS[model] : undefined;
}

/** A model's context in tokens, where it is known. */
export function contextWindowOf(model: string): number | undefined {
  return Object.hasOwn(CONTEXT_WINDOWS, model) ? CONTEXT_WINDOWS[model] : undefined;
}
