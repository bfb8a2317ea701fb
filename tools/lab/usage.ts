import type { Answer } from './answer.ts';

const promptTokensPerSecond = 10_000;
const completionTokensPerSecond = 500;

/** How many tokens the answer has, reasoning and tool arguments included. */
export const completionTokens = ({ reasoning, content, tool }: Answer): number =>
  reasoning.length + content.length + (tool?.pieces.length ?? 0);

/** Groq's usage object for a whole answer. */
export function usageOf(answer: Answer) {
  const completion = completionTokens(answer);
  const promptTime = answer.promptTokens / promptTokensPerSecond;
  const completionTime = completion / completionTokensPerSecond;
  return {
    queue_time: 0.012_345,
    prompt_tokens: answer.promptTokens,
    prompt_time: promptTime,
    completion_tokens: completion,
    completion_time: completionTime,
    total_tokens: answer.promptTokens + completion,
    total_time: promptTime + completionTime,
    ...(answer.reasoning.length > 0 && {
      completion_tokens_details: { reasoning_tokens: answer.reasoning.length },
    }),
  };
}
