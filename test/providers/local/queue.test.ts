import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { turnstile } from '../../../src/providers/local/queue.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, modelFor, never } from '../../support/local-model.ts';
import { promised } from '../../support/promised.ts';

describe('the queue', () => {
  it('admits first in, first out, and counts places from the front', async () => {
    const line = turnstile({ limit: 2 });
    const leave = await line.enter(never());
    const second = line.enter(never());
    const third = line.enter(never());
    expect(line.waiting().map(({ place }) => place)).toEqual([1, 2]);
    expect(line.enter(never())).toBeUndefined();
    leave?.();
    const leaveSecond = await second;
    expect(line.waiting().map(({ place }) => place)).toEqual([1]);
    leaveSecond?.();
    (await third)?.();
    expect(line.busy()).toBe(false);
  });

  it('counts a place that is given back twice only once', async () => {
    const line = turnstile({ limit: 2 });
    const leave = await line.enter(never());
    const second = line.enter(never());
    void line.enter(never());
    leave?.();
    leave?.();
    await second;
    expect(line.waiting()).toHaveLength(1);
  });
});

describe('a model with a full queue', () => {
  let model: LocalModel;

  beforeAll(async () => {
    model = modelFor({ childPath: await builtChild('queue'), queueLimit: 2 });
  });
  afterAll(() => model.close());

  it('answers who fits and refuses the rest at once, with when to come back', async () => {
    await ask(model, 'Hello');
    const outcomes = await Promise.allSettled(
      Array.from({ length: 12 }, () => ask(model, 'What can you do?')),
    );
    const refused = outcomes.filter((outcome) => outcome.status === 'rejected');
    expect(refused).toHaveLength(9);
    for (const { reason } of refused) {
      expect(reason).toMatchObject({ code: 'local_queue_full', status: 503 });
      expect(Number(reason.headers['retry-after'])).toBeGreaterThanOrEqual(1);
      expect(reason.retryAfterMs).toBeLessThan(promised(2_000));
    }
    expect(model.state()).toMatchObject({ queueLength: 0, deferredTotal: 2 });
  });
});
