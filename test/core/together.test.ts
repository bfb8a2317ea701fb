import { expect, test } from 'vitest';
import { together } from '../../src/core/together.ts';

/** Resolves in a later turn of the event loop. */
const turn = () => new Promise<void>((resolve) => setImmediate(resolve));

/** A clock that stands still, however long the machine takes. */
const standing = { now: () => 0 };

test('what comes alone is done at once, what comes right after it in the end of the turn', async () => {
  const done: number[] = [];
  const add = together((item: number) => void done.push(item), standing);
  for (const item of [1, 2, 3]) add(item);
  expect(done).toEqual([1]);
  await turn();
  expect(done).toEqual([1, 2, 3]);
});

test('what comes a while later is alone again', () => {
  let now = 0;
  const done: number[] = [];
  const add = together((item: number) => void done.push(item), { now: () => now });
  add(1);
  now += 1;
  add(2);
  expect(done).toEqual([1, 2]);
});

test('what comes while others are done waits for the next turn, however long they take', async () => {
  let now = 0;
  const done: string[] = [];
  const add = together(
    (item: string) => {
      if (item !== 'first') now += 1;
      if (item === 'second') add('from within');
      done.push(item);
    },
    { now: () => now },
  );
  for (const item of ['first', 'second', 'third']) add(item);
  await turn();
  expect(done).toEqual(['first', 'second', 'third']);
  await turn();
  expect(done).toEqual(['first', 'second', 'third', 'from within']);
});
