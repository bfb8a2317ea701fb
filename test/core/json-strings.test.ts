import { expect, it } from 'vitest';
import { everyString } from '../../src/core/json-strings.ts';
import { type Dice, dice } from '../support/dice.ts';

const CASES = 4_000;

/** The text is looked at in windows of this many bytes, and in blocks of sixteen. */
const WINDOW = 64 * 1024;

/** An escape that has less behind it may be anything. */
const END = ' '.repeat(6);

type Choices = readonly [string, ...string[]];

const PIECES: Choices = [
  'x',
  'é',
  '😀',
  '\u007f',
  'a longer run of letters',
  '\\n',
  '\\"',
  '\\\\',
  '\\/',
  '\\u00e9',
  '\\uD83D',
];
const FAULTS: Choices = [
  '\\x',
  '\\u00g0',
  '\\u12',
  '\\',
  '\n',
  '\u0000',
  '\u001f',
  '\\u/000',
  '\\u:abc',
];

/** Strings as they are written, some with what JSON doesn't allow. */
function strings(chance: Dice): string[] {
  return Array.from({ length: 1 + chance.below(4) }, () => {
    const pieces = Array.from({ length: chance.below(40) }, () => chance.pick(PIECES));
    if (chance.below(8) === 0)
      pieces.splice(chance.below(pieces.length + 1), 0, chance.pick(FAULTS));
    return pieces.join('');
  });
}

/** What a text's strings say; undefined where JSON can't read it. */
function read(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

it('finds the strings that JSON.parse finds, wherever they lie, and none that it refuses', () => {
  let refused = 0;
  for (let seed = 1; seed <= CASES; seed++) {
    const chance = dice(seed);
    const before = 'b'.repeat(chance.pick([0, 3, WINDOW, 2 * WINDOW]) + chance.below(40));
    const ahead = Math.max(0, before.length - 60 - chance.below(200));
    const text = `["${before.slice(0, ahead)}","${strings(chance).join('" , "')}"]${END}`;
    const bytes = Buffer.from(text);
    const found: string[] = [];
    const isSound = everyString(bytes, (open, close) => {
      found.push(bytes.toString('utf8', open, close + 1));
      return true;
    });
    const parsed = read(text);
    if (parsed === undefined) {
      refused += 1;
      const outside = found.reduce((rest, string) => rest.replace(string, '""'), text);
      expect(isSound && read(outside), `seed ${seed}`).toBeFalsy();
    } else {
      expect(isSound, `seed ${seed}`).toBe(true);
      expect(found.map(read), `seed ${seed}`).toEqual(parsed);
    }
  }
  expect(refused).toBeGreaterThan(CASES / 20);
});

it('stops where its visitor has seen enough', () => {
  const seen: number[] = [];
  const isDone = everyString(Buffer.from('["a","b","c"]'), (open) => seen.push(open) < 2);
  expect(isDone).toBe(false);
  expect(seen).toEqual([1, 5]);
});
