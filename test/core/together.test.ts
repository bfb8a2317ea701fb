import { expect, test } from 'vitest';
import { together } from '../../src/core/together.ts';

/** Resolves in a later turn of the event loop. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

test('what comes alone is done at once, what comes right after it in the end of the turn', async () => {
  const done: number[] = [];
  const add = together((item: number) => void done.push(item));
  for (const item of [1, 2, 3]) add(item);
  expect(done).toEqual([1]);
  await turn();
  expect(done).toEqual([1, 2, 3]);
});

test('what comes while others are done waits for the next turn', async () => {
  const done: string[] = [];
  const add = together((item: string) => {
    if (item === 'second') add('from within');
    done.push(item);
  });
  for (const item of ['first', 'second', 'third']) add(item);
  await turn();
  expect(done).toEqual(['first', 'second', 'third']);
  await turn();
  expect(done).toEqual(['first', 'second', 'third', 'from within']);
});
