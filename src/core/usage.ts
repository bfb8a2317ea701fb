import type { ChatChunk, Usage } from './chat.ts';
import { isObject } from './json.ts';

/** The token counts in a chunk: OpenAI's `usage`, or Groq's own `x_groq.usage`; odd ones are none. */
export function usageOf({ usage, x_groq }: ChatChunk): Usage | undefined {
  if (usage && isUsage(usage)) return usage;
  const groq = x_groq as { usage?: unknown } | null | undefined;
  return isUsage(groq?.usage) ? groq.usage : undefined;
}

/** True for token counts that can be added up. */
export function isUsage(value: unknown): value is Usage {
  if (!isObject(value)) return false;
  return ['prompt_tokens', 'completion_tokens', 'total_tokens'].every((field) => {
    const count = value[field];
    return typeof count === 'number' && Number.isFinite(count) && count >= 0;
  });
}
