import { expect, it } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { troubleBook } from '../../../src/providers/local/trouble-book.ts';

it('why nothing can be loaded is told once, and again once something was', () => {
  const warned: object[] = [];
  const log = {
    info: () => {},
    warn: (fields: object) => void warned.push(fields),
    error: () => {},
  };
  const book = troubleBook({ model: 'local/one', log, clock: systemClock });
  const told = (reason: string) => {
    book.notWarmed(new Error(reason));
    return warned.length;
  };
  expect(['missing', 'missing', 'torn', 'torn'].map(told)).toEqual([1, 1, 2, 2]);
  book.loaded({ kind: 'loaded', loadMs: 1, contextSize: 1, residentBytes: 1 });
  expect(told('torn')).toBe(3);
});
