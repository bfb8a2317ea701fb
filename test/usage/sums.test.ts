import { expect, test } from 'vitest';
import type { ChatEvent, ChatRequest } from '../../src/core/chat.ts';
import { ApiError } from '../../src/core/errors.ts';
import type { Provider } from '../../src/core/provider.ts';
import { meter } from '../../src/providers/meter.ts';
import { meterEmbedder } from '../../src/providers/meter-embedder.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { openLedger } from '../../src/usage/ledger.ts';
import { costOf, priceList } from '../../src/usage/prices.ts';
import { fakeClock } from '../support/fake-clock.ts';

const MODEL = 'openai/gpt-oss-20b';

function usageOfCall(call: number) {
  const prompt_tokens = 10 + (call % 97);
  const completion_tokens = 1 + (call % 31);
  const total_tokens = prompt_tokens + completion_tokens;
  return { prompt_tokens, completion_tokens, total_tokens };
}

/** Answers every third call as a stream, fails every tenth. */
function provider(): Provider {
  let calls = 0;
  return {
    chat: async (request) => {
      const call = calls++;
      await Promise.resolve();
      if (call % 10 === 9) throw new Error('no');
      const head = { servedBy: `groq/${MODEL}`, trail: [], headers: {} };
      const usage = usageOfCall(call);
      if (!request.params.stream) {
        return { ...head, kind: 'whole', body: Buffer.from('{}'), usage };
      }
      async function* events(): AsyncGenerator<ChatEvent, void, void> {
        yield { raw: Buffer.from(''), chunk: { choices: [{ delta: { content: 'a' } }] } };
        yield { raw: Buffer.from(''), chunk: { choices: [], usage } };
      }
      return { ...head, kind: 'stream', events: events() };
    },
  };
}

test('ten thousand requests at once leave exact sums and the last thousand rows', async () => {
  const ledger = await openLedger({
    store: memoryStore(),
    clock: fakeClock(),
    priceOf: priceList({}),
    knows: () => false,
    onStoreError: (error) => expect.unreachable(String(error)),
  });
  const layer = meter({
    nameOf: ({ params }) => `groq/${params.model}`,
    onAttempt: ledger.attempt,
  });
  const metered = layer(provider());
  const { signal } = new AbortController();
  const ask = async (number: number) => {
    const open = ledger.open();
    const params = { model: MODEL, messages: [], stream: number % 3 === 0 };
    const request: ChatRequest = { id: 'same', params, fallback: 'on', tally: open.tally };
    const reply = await metered.chat(request, signal).catch(() => undefined);
    if (reply?.kind === 'stream') for await (const _ of reply.events);
    open.close({
      id: 'same',
      route: '/chat',
      model: MODEL,
      servedBy: reply?.servedBy,
      trail: '',
      status: reply ? 200 : 503,
      outcome: reply ? 'ok' : 'failed',
    });
  };
  await Promise.all(Array.from({ length: 10_000 }, (_, number) => ask(number)));

  const answered = Array.from({ length: 10_000 }, (_, call) => call).filter((n) => n % 10 !== 9);
  const sum = (of: (call: number) => number) => answered.reduce((all, call) => all + of(call), 0);
  const price = priceList({})(MODEL);
  const tokens = {
    prompt_tokens: sum((call) => usageOfCall(call).prompt_tokens),
    completion_tokens: sum((call) => usageOfCall(call).completion_tokens),
    cost_nano: sum((call) => costOf(usageOfCall(call), price)),
  };
  const state = ledger.state();
  expect(state.total).toMatchObject({
    requests: 10_000,
    attempts: 10_000,
    failed_attempts: 1_000,
    ...tokens,
  });
  expect(state.by_outcome['ok']).toMatchObject({ requests: 9_000, ...tokens });
  expect(state.by_outcome['failed']).toMatchObject({ requests: 1_000, prompt_tokens: 0 });
  expect(state.by_model[MODEL]).toMatchObject({ requests: 9_000, ...tokens });
  expect(state.recent).toHaveLength(1_000);
  await ledger.close();
});

test('a row waits for an attempt that ends after its request', async () => {
  const ledger = await openLedger({
    store: memoryStore(),
    clock: fakeClock(),
    priceOf: priceList({}),
    knows: () => false,
    onStoreError: () => undefined,
  });
  const open = ledger.open();
  const end = open.tally.begin();
  open.close({
    ...{ id: 'same', route: '/chat', model: MODEL, servedBy: undefined, trail: '' },
    ...{ status: 499, outcome: 'hung_up' },
  });
  expect(ledger.state().recent).toHaveLength(0);
  const usage = usageOfCall(1);
  end({
    ...{ provider: `groq/${MODEL}`, outcome: 'hung_up', usage, isEstimated: true },
    ...{ ms: 5, firstTokenMs: 2 },
  });
  expect(ledger.state().recent).toMatchObject([
    { outcome: 'hung_up', estimated: true, prompt_tokens: usage.prompt_tokens },
  ]);
  await ledger.close();
});

test('vectors count under the model that made them', async () => {
  const ledger = await openLedger({
    store: memoryStore(),
    clock: fakeClock(),
    priceOf: priceList({}),
    knows: () => false,
    onStoreError: () => undefined,
  });
  const servedBy = 'local/vectors';
  const { embed } = meterEmbedder({
    name: servedBy,
    onAttempt: ledger.attempt,
    embedder: {
      embed: async ({ params }) => {
        if (params['input'] === '') throw new ApiError('not_supported', 'No.');
        const usage = { prompt_tokens: 7, total_tokens: 7 };
        return { servedBy, body: Buffer.alloc(0), usage };
      },
    },
  });
  const { signal } = new AbortController();
  const open = ledger.open();
  await embed({ params: { input: 'a' }, tally: open.tally }, signal);
  open.close({
    ...{ id: 'x', route: '/v1/embeddings', model: undefined, servedBy, trail: '' },
    ...{ status: 200, outcome: 'ok' },
  });
  await expect(embed({ params: { input: '' } }, signal)).rejects.toThrow('No.');
  const { by_model, recent } = ledger.state();
  expect(by_model[servedBy]).toMatchObject({ attempts: 2, failed_attempts: 1, prompt_tokens: 7 });
  expect(recent).toMatchObject([{ prompt_tokens: 7, completion_tokens: 0, served_by: servedBy }]);
  await ledger.close();
});
