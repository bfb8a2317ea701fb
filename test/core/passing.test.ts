import { expect, test } from 'vitest';
import { passing } from '../../src/core/passing.ts';

async function* numbers(count: number, error?: Error): AsyncGenerator<number, void, void> {
  for (let number = 1; number <= count; number++) yield number;
  if (error) throw error;
}

function watched(events: AsyncIterable<number>) {
  const told: unknown[] = [];
  const seen = passing(events, {
    seen: (number) => told.push(number),
    ended: (how, error) => told.push(error ?? how),
  });
  return { told, seen };
}

test('events go by as they are, and their end is told once', async () => {
  const { told, seen } = watched(numbers(2));
  const read: number[] = [];
  for await (const number of seen) read.push(number);
  expect(read).toEqual([1, 2]);
  expect(told).toEqual([1, 2, 'done']);
});

test('a reader who leaves early stops the events behind, and that is told', async () => {
  const source = numbers(3);
  const { told, seen } = watched(source);
  for await (const number of seen) if (number === 1) break;
  expect(told).toEqual([1, 'left']);
  expect(await source.next()).toEqual({ done: true, value: undefined });
});

test('an error reaches the reader, and is told', async () => {
  const error = new Error('broken');
  const { told, seen } = watched(numbers(1, error));
  const read = async () => {
    for await (const number of seen) expect(number).toBe(1);
  };
  await expect(read()).rejects.toBe(error);
  expect(told).toEqual([1, error]);
});

test('one who leaves before the first event is told of as well', async () => {
  const { told, seen } = watched(numbers(1));
  await seen[Symbol.asyncIterator]().return?.();
  expect(told).toEqual(['left']);
});
