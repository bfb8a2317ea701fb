import type { ChatChunk, Usage } from './chat.ts';
import { isObject } from './json.ts';

/** The token counts in a chunk: OpenAI's `usage`, or Groq's own `x_groq.usage`. */
export function usageOf({ usage, x_groq }: ChatChunk): Usage | undefined {
  if (usage) return usage;
  const groq = x_groq as { usage?: Usage } | null | undefined;
  return groq?.usage;
}

/** True for token counts that can be added up. */
export function isUsage(value: unknown): value is Usage {
  if (!isObject(value)) return false;
  return ['prompt_tokens', 'completion_tokens', 'total_tokens'].every(
    (field) => typeof value[field] === 'number',
  );
}
