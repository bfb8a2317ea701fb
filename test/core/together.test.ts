import { expect, test } from 'vitest';
import { together } from '../../src/core/together.ts';

/** Resolves in a later turn of the event loop. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what comes in one turn is done in its end, in order, and once', async () => {
  const done: number[] = [];
  const add = together((item: number) => void done.push(item));
  add(1);
  add(2);
  expect(done).toEqual([]);
  await turn();
  expect(done).toEqual([1, 2]);
  add(3);
  await turn();
  expect(done).toEqual([1, 2, 3]);
});

test('what comes while others are done waits for the next turn', async () => {
  const done: string[] = [];
  const add = together((item: string) => {
    if (item === 'first') add('from within');
    done.push(item);
  });
  add('first');
  add('second');
  await turn();
  expect(done).toEqual(['first', 'second']);
  await turn();
  expect(done).toEqual(['first', 'second', 'from within']);
});
