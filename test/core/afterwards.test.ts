import { expect, test } from 'vitest';
import { afterwards, endOfTurn } from '../../src/core/afterwards.ts';

test('all of a turn is done in its end, in the order in which it came', async () => {
  const done: (readonly number[])[] = [];
  const add = afterwards((items: readonly number[]) => void done.push(items));
  for (const item of [1, 2, 3]) add(item);
  await Promise.resolve();
  expect(done).toEqual([]);
  await endOfTurn();
  expect(done).toEqual([[1, 2, 3]]);
});

test('what comes while it is done is done in the next turn', async () => {
  const done: (readonly string[])[] = [];
  const add = afterwards((items: readonly string[]) => {
    done.push(items);
    if (items.includes('first')) add('second');
  });
  add('first');
  await endOfTurn();
  expect(done).toEqual([['first']]);
  await endOfTurn();
  expect(done).toEqual([['first'], ['second']]);
});
