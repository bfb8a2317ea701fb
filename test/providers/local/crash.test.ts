import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { AttemptError } from '../../../src/core/attempt.ts';
import { systemClock } from '../../../src/core/clock.ts';
import type { LocalModel, LocalOptions } from '../../../src/providers/local/local.ts';
import { TINY, writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, chatRequest, modelFor, never } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';

function alive(pid: number | undefined): boolean {
  try {
    return process.kill(pid ?? -1, 0);
  } catch {
    return false;
  }
}

const pause = (ms: number) => new Promise((next) => setTimeout(next, ms));

describe("the model's process", () => {
  const scratch = scratchFolder();
  let childPath: string;
  let model: LocalModel;

  beforeAll(async () => {
    childPath = await builtChild('crash');
  });
  afterEach(() => model.close());
  afterAll(() => scratch.remove());

  function start(options: Partial<LocalOptions> = {}): LocalModel {
    model = modelFor({ childPath, ...options });
    return model;
  }

  /** A model that goes on writing until its context is full, which takes seconds. */
  function startLong(options: Partial<LocalOptions> = {}): void {
    const modelPath = scratch.path('long.gguf');
    writeGguf(modelPath, { shape: { ...TINY, context: 8192 } });
    start({ modelPath, modelName: 'random', contextSize: 8192, ...options });
  }

  function signalChild(signal: NodeJS.Signals): void {
    const { pid } = model.state();
    if (pid === undefined) throw new Error('there is no child');
    process.kill(pid, signal);
  }

  const long = { messages: [{ role: 'user', content: 'What can you do?' }], temperature: 0 };

  it('killed while it loads fails that request clearly; the next is answered', async () => {
    start();
    const pending = model.chat(chatRequest(long), never());
    while (model.state().state !== 'loading') await pause(2);
    signalChild('SIGKILL');
    await expect(pending).rejects.toMatchObject({ code: 'local_model_unavailable', status: 503 });
    expect((await ask(model, long)).choices[0].finish_reason).toBe('stop');
    expect(model.state()).toMatchObject({ crashesTotal: 1, failedTotal: 1, loadsTotal: 2 });
  });

  it('killed in mid-stream breaks the stream as a fault; who waits keeps the place', async () => {
    startLong();
    const reply = await model.chat(chatRequest({ ...long, stream: true }), never());
    if (reply.kind !== 'stream') throw new Error('the reply is whole');
    const second = ask(model, { ...long, max_tokens: 2 });
    expect(model.state().queueLength).toBe(1);
    signalChild('SIGKILL');
    const read = async () => {
      for await (const event of reply.events) expect(event.raw.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toBeInstanceOf(AttemptError);
    expect((await second).usage.completion_tokens).toBe(2);
  });

  it('is not ended by a Ctrl-C in the terminal, which reaches it too', async () => {
    start();
    await ask(model, 'Hello');
    const { pid } = model.state();
    for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) signalChild(signal);
    expect((await ask(model, long)).choices[0].finish_reason).toBe('stop');
    expect(model.state().pid).toBe(pid);
  });

  it('killed while it is idle is not noticed by the next request, however soon', async () => {
    start();
    await ask(model, 'Hello');
    signalChild('SIGKILL');
    expect((await ask(model, long)).choices[0].finish_reason).toBe('stop');
    expect(model.state()).toMatchObject({ crashesTotal: 1, loadsTotal: 2, failedTotal: 0 });
  });

  it('that hangs at work is ended by the watchdog; the next request is answered', async () => {
    startLong({ watchdogMs: 5_000 });
    const reply = await model.chat(chatRequest({ ...long, stream: true }), never());
    if (reply.kind !== 'stream') throw new Error('the reply is whole');
    signalChild('SIGSTOP');
    const read = async () => {
      for await (const event of reply.events) expect(event.raw.length).toBeGreaterThan(0);
    };
    await expect(read()).rejects.toMatchObject({
      answer: {
        code: 'local_model_unavailable',
        message: expect.stringContaining('stopped responding'),
      },
    });
    expect((await ask(model, { ...long, max_tokens: 2 })).usage.completion_tokens).toBe(2);
  });

  it('stopped while it is idle costs the next request a new start, and nothing else', async () => {
    start();
    await ask(model, 'Hello');
    signalChild('SIGSTOP');
    expect((await ask(model, long)).choices[0].finish_reason).toBe('stop');
    expect(model.state()).toMatchObject({ crashesTotal: 1, loadsTotal: 2, failedTotal: 0 });
  });

  it('is ended when it was idle long enough, and started again when needed', async () => {
    start({ idleUnloadMs: 200 });
    await ask(model, 'Hello');
    const { pid } = model.state();
    while (model.state().state !== 'off') await pause(20);
    expect(model.state().memoryBytes).toBe(0);
    await expect.poll(() => alive(pid)).toBe(false);
    expect((await ask(model, 'Hello')).choices[0].finish_reason).toBe('stop');
  });

  it('ends with the server, and who waits is turned away', async () => {
    start();
    await ask(model, 'Hello');
    signalChild('SIGSTOP');
    const both = [model.chat(chatRequest(long), never()), model.chat(chatRequest(long), never())];
    await pause(20);
    const outcomes = Promise.allSettled(both);
    await model.close();
    for (const outcome of await outcomes) {
      expect(outcome).toMatchObject({ reason: { code: 'local_model_unavailable' } });
    }
  });

  it('that crashes again and again is left alone for a while', async () => {
    let now = 1_000_000;
    start({
      clock: { ...systemClock, elapsed: () => now },
      childPath: new URL('nothing.mjs', import.meta.url).pathname,
    });
    for (const _ of [1, 2, 3, 4, 5]) {
      await expect(ask(model, long)).rejects.toMatchObject({ code: 'local_model_unavailable' });
    }
    expect(model.state()).toMatchObject({ state: 'broken', crashesTotal: 5 });
    expect(model.available()).toBe(false);
    await expect(ask(model, long)).rejects.toMatchObject({ retryAfterMs: 10_000 });
    expect(model.state().crashesTotal).toBe(5);
    now += 10_000;
    expect(model.available()).toBe(true);
  });
});
