import { expect, test } from 'vitest';
import { AttemptError } from '../../src/core/attempt.ts';
import type { ChatRequest } from '../../src/core/chat.ts';
import { systemClock as clock } from '../../src/core/clock.ts';
import type { Provider } from '../../src/core/provider.ts';
import { timeout } from '../../src/providers/timeout.ts';
import { chatRequest, never } from '../support/local-model.ts';

/** Says nothing until it is told to stop. */
const silent: Provider = {
  chat: (_request, signal) =>
    new Promise((_resolve, reject) => {
      signal.addEventListener('abort', () => reject(signal.reason), { once: true });
    }),
};

const limits = { firstTokenMs: 40, idleMs: 1_000, wholeMs: 1_000, clock };

async function failureOf(request: ChatRequest): Promise<unknown> {
  const asked = timeout(limits)(silent).chat(request, never());
  return asked.then(
    () => undefined,
    (error: unknown) => error,
  );
}

const stream: ChatRequest = {
  ...chatRequest('Hi'),
  params: { messages: [], stream: true },
};

test('a provider that is silent for all of its time has a fault', async () => {
  const error = await failureOf(stream);
  expect(error).toBeInstanceOf(AttemptError);
  expect(error).toMatchObject({ attemptCause: 'timeout', countsAsFault: true });
});

test('one that only got the rest of a budget is not to blame', async () => {
  const error = await failureOf({ ...stream, deadline: clock.elapsed() + 5 });
  expect(error).toMatchObject({ attemptCause: 'timeout', countsAsFault: false });
});
