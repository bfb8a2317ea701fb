import { performance } from 'node:perf_hooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { untilWorked } from '../../support/cpu-time.ts';
import { SLOW, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, chatRequest, modelFor, never } from '../../support/local-model.ts';
import { median } from '../../support/median.ts';
import { promised } from '../../support/promised.ts';
import { scratchFolder } from '../../support/scratch.ts';

const PROMISED_MS = 150;
/** The caller is told without a look at the model. */
const AT_ONCE_MS = 30;
const reason = new Error('the caller hung up');
const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

describe('a cancelled request', () => {
  const scratch = scratchFolder();
  let model: LocalModel;
  let childPath: string;

  beforeAll(async () => {
    writeGguf(scratch.path('slow.gguf'), { shape: SLOW });
    childPath = await builtChild('cancel');
    model = fresh();
    await ask(model, { messages: [{ role: 'user', content: 'ba '.repeat(300) }], max_tokens: 2 });
  });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  function fresh(): LocalModel {
    const modelPath = scratch.path('slow.gguf');
    return modelFor({ childPath, modelPath, modelName: 'random', contextSize: 2048 });
  }

  function prompt(start: string, words: number): string {
    return `${start} ${'baba bebe bibi '.repeat(words)}`;
  }

  /** Starts a long answer in its own conversation, so that nothing is reused. */
  function long(start: string, signal: AbortSignal, { stream = false, words = 4 } = {}) {
    const messages = [{ role: 'user', content: prompt(start, words) }];
    return model.chat(chatRequest({ messages, stream, max_tokens: 1500 }), signal);
  }

  async function untilFree(): Promise<number> {
    const start = performance.now();
    while (model.state().state === 'busy') await pause(2);
    return performance.now() - start;
  }

  /** Cancels after so much of the model's work, and measures when the caller knows and when the model is free. */
  async function cancelled(start: string, { words, afterMs }: { words: number; afterMs: number }) {
    const controller = new AbortController();
    const pending = long(start, controller.signal, { words });
    await untilWorked(model.state().pid, afterMs);
    expect(model.state().state).toBe('busy');
    const at = performance.now();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    const toldMs = performance.now() - at;
    return { toldMs, freeMs: toldMs + (await untilFree()) };
  }

  async function medians(name: string, how: { words: number; afterMs: number }) {
    const times = [];
    for (const round of [1, 2, 3, 4, 5]) times.push(await cancelled(`${name} ${round}`, how));
    return {
      toldMs: median(times.map(({ toldMs }) => toldMs)),
      freeMs: median(times.map(({ freeMs }) => freeMs)),
    };
  }

  /** How much of a prompt that was cancelled needs no work when it is asked again. */
  async function cachedOf(start: string): Promise<number> {
    const messages = [{ role: 'user', content: prompt(start, 60) }];
    const { usage } = await ask(model, { messages, max_tokens: 1 });
    return usage.prompt_tokens_details.cached_tokens;
  }

  it('ends during prefill in time, and what was evaluated stays', { timeout: 60_000 }, async () => {
    const { toldMs, freeMs } = await medians('prefill', { words: 60, afterMs: 800 });
    expect(toldMs).toBeLessThan(promised(AT_ONCE_MS));
    expect(freeMs).toBeLessThan(promised(PROMISED_MS));
    expect(await cachedOf('prefill 5')).toBeGreaterThan(50);
  });

  it('ends during decode in time', async () => {
    const { toldMs, freeMs } = await medians('decode', { words: 4, afterMs: 400 });
    expect(toldMs).toBeLessThan(promised(AT_ONCE_MS));
    expect(freeMs).toBeLessThan(promised(PROMISED_MS));
  });

  it('ends in the midst of a long text that becomes a vector', async () => {
    const times = [];
    for (const afterMs of [200, 260, 320, 380, 440]) {
      const controller = new AbortController();
      const input = prompt(`text ${afterMs}`, 120);
      const pending = model.embed({ params: { input } }, controller.signal);
      await pause(afterMs);
      expect(model.state().state).toBe('busy');
      controller.abort(reason);
      await expect(pending).rejects.toBe(reason);
      times.push(await untilFree());
    }
    expect(median(times)).toBeLessThan(promised(PROMISED_MS));
  });

  it('leaves the queue at once, and the others keep their order', async () => {
    const running = new AbortController();
    const waiting = new AbortController();
    const first = long('first', running.signal);
    const second = long('second', waiting.signal);
    const third = ask(model, { messages: [{ role: 'user', content: 'third' }], max_tokens: 1 });
    expect(model.state().queueLength).toBe(2);
    waiting.abort(reason);
    await expect(second).rejects.toBe(reason);
    expect(model.state().queueLength).toBe(1);
    running.abort(reason);
    await expect(first).rejects.toBe(reason);
    expect((await third).usage.completion_tokens).toBe(1);
  });

  it('is told at once during the load, which goes on for the next', async () => {
    const loading = fresh();
    const controller = new AbortController();
    const pending = loading.chat(chatRequest('ba'), controller.signal);
    while (loading.state().state !== 'loading') await pause(2);
    const start = performance.now();
    controller.abort(reason);
    await expect(pending).rejects.toBe(reason);
    expect(performance.now() - start).toBeLessThan(promised(AT_ONCE_MS));
    await ask(loading, { messages: [{ role: 'user', content: 'ba' }], max_tokens: 1 });
    expect(loading.state().loadsTotal).toBe(1);
    await loading.close();
  });

  it('stops the model when the reader leaves the loop', async () => {
    const reply = await long('left', never(), { stream: true });
    if (reply.kind !== 'stream') throw new Error('the reply is whole');
    for await (const { chunk } of reply.events) if (chunk.choices[0]?.delta?.content) break;
    expect(await untilFree()).toBeLessThan(promised(PROMISED_MS));
  });

  it('stops the model when the reader leaves before the first event', async () => {
    const reply = await long('unread', never(), { stream: true });
    if (reply.kind !== 'stream') throw new Error('the reply is whole');
    await reply.events[Symbol.asyncIterator]().return?.();
    expect(await untilFree()).toBeLessThan(promised(PROMISED_MS));
  });

  it('is no failure when the reader leaves while it waits for more', async () => {
    const reply = await long('waiting', never(), { stream: true });
    if (reply.kind !== 'stream') throw new Error('the reply is whole');
    const events = reply.events[Symbol.asyncIterator]();
    await events.next();
    await events.next();
    const pending = events.next();
    await events.return?.();
    await pending;
    await untilFree();
    expect(model.state().failedTotal).toBe(0);
  });

  it('that was cancelled before it began never reaches the model', async () => {
    const before = model.state().loadsTotal;
    await expect(long('never', AbortSignal.abort(reason))).rejects.toBe(reason);
    expect(model.state()).toMatchObject({ state: 'ready', loadsTotal: before });
  });
});
