import { expect, test } from 'vitest';
import type { AttemptError } from '../../src/core/attempt.ts';
import type { ChatRequest } from '../../src/core/chat.ts';
import { openLimitBook } from '../../src/limits/limit-book.ts';
import type { Limits } from '../../src/limits/limits.ts';
import type { LimitsState } from '../../src/limits/limits-state.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { fakeClock } from '../support/fake-clock.ts';

const MODEL = 'openai/gpt-oss-120b';

function requestFor(model: string): ChatRequest {
  const messages = [{ role: 'user', content: 'Hi' }];
  return { id: 'x', params: { model, messages, max_tokens: 1 }, fallback: 'on' };
}

async function bookOf(limits: Limits) {
  const opened = await openLimitBook({
    clock: fakeClock(0),
    store: undefined,
    limitsOf: () => ({ limits, source: 'set' }),
    onStoreError: (error) => expect.unreachable(String(error)),
  });
  return { limiter: opened.limiterOf('key'), view: opened.view };
}

test('callers who make names up push no count out that somebody has used', async () => {
  const { limiter, view } = await bookOf({ rpd: 3 });
  for (let call = 0; call < 3; call++) {
    (await limiter.admit(requestFor(MODEL))).settled(undefined, 1);
  }
  for (let name = 0; name < 1_000; name++) {
    (await limiter.admit(requestFor(`made-up/${name}`))).settled(undefined, 1);
  }
  expect(() => limiter.admit(requestFor(MODEL))).toThrow(
    expect.objectContaining({ attemptCause: 'limit' } satisfies Partial<AttemptError>),
  );
  expect(view().length).toBeLessThanOrEqual(256);
});

test('what is used up of a model with an odd name outlives a restart, though not its name', async () => {
  const odd = '模型 of ours';
  const store = memoryStore<LimitsState>();
  const open = () =>
    openLimitBook({
      ...{ clock: fakeClock(0), store },
      limitsOf: (model) => ({ limits: model === odd ? { rpd: 2 } : {}, source: 'set' }),
      onStoreError: (error) => expect.unreachable(String(error)),
    });
  const first = await open();
  const { admit } = first.limiterOf('key');
  for (let call = 0; call < 2; call++) (await admit(requestFor(odd))).settled(undefined, 1);
  await first.close();
  expect(JSON.stringify(await store.read())).not.toContain('of ours');
  // One in between that nobody asked for it keeps the count as it is.
  await (await open()).close();
  const { limiterOf, view } = await open();
  expect(() => limiterOf('key').admit(requestFor(odd))).toThrow(
    expect.objectContaining({ attemptCause: 'limit' } satisfies Partial<AttemptError>),
  );
  expect(view().map(({ model }) => model)).toEqual([odd]);
});

test('a call that is under way is settled where it was reserved, whatever was named meanwhile', async () => {
  const { limiter, view } = await bookOf({ rpd: 300 });
  const admission = await limiter.admit(requestFor(MODEL));
  for (let name = 0; name < 400; name++) {
    const other = await limiter.admit(requestFor(`made-up/${name}`));
    other.settled(undefined, 1);
    (await limiter.admit(requestFor(`made-up/${name}`))).settled(undefined, 1);
  }
  admission.settled(undefined, 1);
  const windows = view().find(({ model }) => model === MODEL)?.windows;
  expect(windows?.find(({ name }) => name === 'rpd')).toMatchObject({ used: 1 });
});

test('the pieces of a file are no tokens', async () => {
  const { limiter, view } = await bookOf({ rpm: 10, tpm: 1_200 });
  const relayed = { path: '/audio/speech', model: () => 'playai-tts' };
  const admission = await limiter.admit({ ...requestFor('playai-tts'), relayed } as ChatRequest);
  admission.settled(undefined, 5_000);
  const used = Object.fromEntries((view()[0]?.windows ?? []).map(({ name, used }) => [name, used]));
  expect(used).toMatchObject({ rpm: 1, tpm: 0 });
});
