import type { Performance } from './performed.ts';

/** An answer that is never streamed and costs no tokens. */
export const wholeOnly = (contentType: string, bytes: Buffer): Performance => ({
  ...{ streams: false, requestedTokens: 0, promptTokens: 0, spentTokens: 0, answerTokens: 0 },
  whole: () => ({ contentType, bytes }),
  frames: () => [],
  event: (members) => members,
});

/** A JSON answer that is never streamed and costs no tokens. */
export const performJson = (answer: unknown): Performance =>
  wholeOnly('application/json', Buffer.from(JSON.stringify(answer)));
