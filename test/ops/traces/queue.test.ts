import { expect, it } from 'vitest';
import type { OtlpSpan } from '../../../src/ops/traces/otlp.ts';
import { spanQueue } from '../../../src/ops/traces/queue.ts';

const span = (name: string) => ({ name }) as OtlpSpan;

/** A collector that takes one batch at a time, when it is let. */
function slowCollector() {
  const batches: string[][] = [];
  const gates: (() => void)[] = [];
  const send = async (spans: readonly OtlpSpan[]) => {
    batches.push(spans.map(({ name }) => name));
    await new Promise<void>((resolve) => gates.push(resolve));
  };
  return { batches, send, next: () => gates.shift()?.() };
}

it('keeps so many and no more, in order, one batch under way at a time', async () => {
  const { batches, send, next } = slowCollector();
  const queue = spanQueue({ send, maxBatch: 2, maxWaiting: 3 });
  for (const name of ['1', '2', '3', '4', '5', '6', '7']) queue.add(span(name));
  expect(batches).toEqual([['1', '2']]);
  next();
  await expect
    .poll(() => batches)
    .toEqual([
      ['1', '2'],
      ['3', '4'],
    ]);
  const closed = queue.close();
  next();
  await expect.poll(() => batches).toEqual([['1', '2'], ['3', '4'], ['5']]);
  next();
  await closed;
});

it('gives up at the end when nobody takes anything', async () => {
  const send = (_: readonly OtlpSpan[], signal: AbortSignal) =>
    new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
  const queue = spanQueue({ send, maxBatch: 1, closeMs: 20 });
  for (const name of ['1', '2', '3']) queue.add(span(name));
  await queue.close();
});
