import type { Usage } from './chat.ts';
import { isObject } from './json.ts';

/** What may report usage: a chunk of a stream, or a whole answer. */
type Reporting = { readonly usage?: unknown; readonly x_groq?: unknown };

/** The token counts in it: OpenAI's `usage`, or Groq's own `x_groq.usage`; odd ones are none. */
export function usageOf({ usage, x_groq }: Reporting): Usage | undefined {
  if (usage && isUsage(usage)) return usage;
  const groq = x_groq as { usage?: unknown } | null | undefined;
  return isUsage(groq?.usage) ? groq.usage : undefined;
}

/** Prompt tokens that the provider had cached: never more than there were. */
export function cachedTokens({ prompt_tokens, prompt_tokens_details }: Usage): number {
  const details = prompt_tokens_details as { cached_tokens?: unknown } | null | undefined;
  return Math.min(prompt_tokens, Math.max(0, Number(details?.cached_tokens) || 0));
}

/** True for token counts that can be added up, however often. */
export function isUsage(value: unknown): value is Usage {
  if (!isObject(value)) return false;
  return ['prompt_tokens', 'completion_tokens', 'total_tokens'].every((field) => {
    const count = value[field];
    return typeof count === 'number' && count >= 0 && count <= Number.MAX_SAFE_INTEGER;
  });
}
