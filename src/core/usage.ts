import type { ChatChunk, Usage } from './chat.ts';

/** The token counts in a chunk: OpenAI's `usage`, or Groq's own `x_groq.usage`. */
export function usageOf({ usage, x_groq }: ChatChunk): Usage | undefined {
  if (usage) return usage;
  const groq = x_groq as { usage?: Usage } | null | undefined;
  return groq?.usage;
}
