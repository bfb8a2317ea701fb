import { expect, test } from 'vitest';
import { orElse } from '../../src/core/events.ts';
import { flow, lead, type Sink, type Tap } from '../../src/core/flow.ts';
import { passing } from '../../src/core/passing.ts';

async function* numbers(count: number, error?: Error): AsyncGenerator<number, void, void> {
  for (let number = 1; number <= count; number++) yield number;
  if (error) throw error;
}

/** Pauses after each event, and keeps what it is told. */
function slowSink(): Sink<number> & { readonly told: unknown[]; tap: Tap | undefined } {
  const told: unknown[] = [];
  return {
    told,
    tap: undefined,
    take(number) {
      told.push(number);
      this.tap?.pause();
    },
    end: () => told.push('end'),
    fail: (error) => told.push(error),
  };
}

async function turns(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}

test('who wants nothing at present gets nothing, and then goes on where it paused', async () => {
  const sink = slowSink();
  sink.tap = lead(passing(numbers(2), {}), sink);
  await turns();
  expect(sink.told).toEqual([]);
  for (const heard of [[1], [1, 2], [1, 2, 'end']]) {
    sink.tap.resume();
    await turns();
    expect(sink.told).toEqual(heard);
  }
});

test('a pause holds when other events take over', async () => {
  const sink = slowSink();
  sink.tap = lead(
    orElse(numbers(1, new Error('broken')), () => numbers(2)),
    sink,
  );
  for (const heard of [[1], [1, 1], [1, 1, 2], [1, 1, 2, 'end']]) {
    sink.tap.resume();
    await turns();
    expect(sink.told).toEqual(heard);
  }
});

test('one who closes hears nothing more, and the source stops', async () => {
  const source = numbers(3);
  const sink = slowSink();
  sink.tap = lead(passing(source, {}), sink);
  sink.tap.resume();
  await turns();
  await sink.tap.close();
  sink.tap.resume();
  await turns();
  expect(sink.told).toEqual([1]);
  expect(await source.next()).toEqual({ done: true, value: undefined });
});

test('a flow is read once', () => {
  const events = flow<number>(() => ({ resume() {}, pause() {}, close() {} }));
  lead(events, slowSink());
  expect(() => lead(events, slowSink())).toThrow('a flow is read once');
});
