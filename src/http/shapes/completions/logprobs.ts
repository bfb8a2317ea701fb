import { z } from 'zod';

const chosen = z.looseObject({ token: z.string(), logprob: z.number() });
const entries = z.looseObject({
  content: z.array(chosen.extend({ top_logprobs: z.array(chosen).default([]) })),
});

/** A chat's log probabilities in the form of legacy completions; null where there are none. */
export function legacyLogprobs(logprobs: unknown, offset: number): object | null {
  const { success, data } = entries.safeParse(logprobs);
  if (!success) return null;
  let position = offset;
  return {
    tokens: data.content.map(({ token }) => token),
    token_logprobs: data.content.map(({ logprob }) => logprob),
    top_logprobs: data.content.map(({ top_logprobs }) =>
      Object.fromEntries(top_logprobs.map(({ token, logprob }) => [token, logprob])),
    ),
    text_offset: data.content.map(({ token }) => {
      const start = position;
      position += token.length;
      return start;
    }),
  };
}
