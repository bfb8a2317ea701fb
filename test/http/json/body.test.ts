import { isUtf8 } from 'node:buffer';
import { describe, expect, it } from 'vitest';
import { ApiError } from '../../../src/core/errors.ts';
import { completionIn, parseCompletion } from '../../../src/http/chat-schema.ts';
import { jsonBodyOf } from '../../../src/http/json/body.ts';
import { excessOf } from '../../../src/http/json/excess.ts';
import { dice } from '../../support/dice.ts';
import { chatBody, harmed } from './bodies.ts';

const BODIES = 600;

const WIDE = { levels: 200, fields: 1_000, allFields: 100_000 };
const BOUNDS = [
  { ...WIDE, levels: 4 },
  { ...WIDE, fields: 3 },
  { ...WIDE, allFields: 20 },
];

/** A value as JSON, which tells the order of fields too; or the complaint about it. */
function outcome(read: () => unknown): string {
  try {
    return JSON.stringify(read());
  } catch (error) {
    if (error instanceof ApiError) return `${error.body.code} ${error.body.param} ${error.message}`;
    throw error;
  }
}

/** What a body says to whoever reads all of it; undefined where it says nothing. */
function plainly(bytes: Buffer): { readonly value: unknown } | undefined {
  try {
    return isUtf8(bytes) ? { value: JSON.parse(bytes.toString()) } : undefined;
  } catch {
    return undefined;
  }
}

/** A body that is long enough to be read in outline. */
function longBody(seed: number): Buffer {
  const chance = dice(seed);
  const [filler, body] = [
    chance.pick(['é'.repeat(9_000), 'é'.repeat(40_000), 'y'.repeat(270_000)]),
    chatBody(chance),
  ];
  const first = `"messages":[{"role":"user","content":"${filler}"},`;
  return harmed(Buffer.from(body.replace('"messages":[', first)), chance);
}

const user = (content: unknown) => ({ role: 'user', content });
const long = 'A text with "quotes", größer, in\nlines. '.repeat(2_000);
const bodyOf = (value: unknown) => Buffer.from(JSON.stringify(value));

describe('a long body', () => {
  it('is read, and refused, as if nothing of it had been left out', () => {
    let readInFull = 0;
    for (let seed = 1; seed <= BODIES; seed++) {
      const bytes = longBody(seed);
      const plain = plainly(bytes);
      if (!plain) {
        expect(() => jsonBodyOf(bytes), `seed ${seed}`).toThrow(/not valid (JSON|UTF-8)/);
        continue;
      }
      const body = jsonBodyOf(bytes);
      for (const bounds of BOUNDS) {
        expect(body.excess(bounds), `seed ${seed}`).toBe(excessOf(plain.value, bounds));
      }
      const expected = outcome(() => parseCompletion(plain.value));
      expect(
        outcome(() => completionIn(body)),
        `seed ${seed}`,
      ).toBe(expected);
      expect(JSON.stringify(body.value()), `seed ${seed}`).toBe(JSON.stringify(plain.value));
      if (!expected.startsWith('invalid')) readInFull += 1;
    }
    expect(readInFull).toBeGreaterThan(BODIES / 20);
  });

  it('is copied and walked through like any other', () => {
    const value = { model: 'one', messages: [user(long), user([{ type: 'text', text: long }])] };
    const { params } = completionIn(jsonBodyOf(bodyOf(value)));
    expect(params.messages.map((message) => Object.entries(message))).toEqual(
      value.messages.map((message) => Object.entries(message)),
    );
    expect({ ...params, messages: params.messages.map((message) => ({ ...message })) }).toEqual(
      value,
    );
    expect(structuredClone(params)).toEqual(value);
  });

  it('is not read whole as long as nobody asks for a long text, and then once', () => {
    const bytes = bodyOf({ model: 'one', messages: [user(long), user('short')] });
    const { params } = completionIn(jsonBodyOf(bytes));
    const at = bytes.indexOf(' text');
    bytes.fill('z', at, at + 5);
    expect(params.model).toBe('one');
    expect(params.messages.map(({ role }) => role)).toEqual(['user', 'user']);
    expect(params.messages[1]?.content).toBe('short');
    expect(params.messages[0]?.content).toBe(long.replace(' text', 'zzzzz'));
    bytes.fill('y', at, at + 5);
    expect(params.messages[0]?.content).toBe(long.replace(' text', 'zzzzz'));
  });

  it.each([
    ['an escape that JSON does not know', '\\x41'],
    ['half a \\u', '\\u00g0'],
    ['a raw line break', '\n'],
    ['a raw null', '\0'],
    ['a backslash before a blank', '\\ '],
  ])('with %s in a text is refused', (_what, fault) => {
    const text = JSON.stringify(long).slice(1, -1);
    for (const place of [0, 30_000, text.length]) {
      const broken = `${text.slice(0, place)} ${fault}${text.slice(place)}`;
      const bytes = Buffer.from(`{"messages":[{"role":"user","content":"${broken}"}]}`);
      expect(() => jsonBodyOf(bytes)).toThrow('The body is not valid JSON');
    }
  });

  it.each([
    ['model', { model: long, messages: [user('Hi')] }],
    ['role', { messages: [{ role: long, content: 'Hi' }] }],
    ['field name', { messages: [{ role: 'user', content: 'Hi', [long]: 1 }] }],
    ['caller', { messages: [user('Hi')], user: long }],
    ['content beside a long field name', { messages: [user(long)], [long]: long }],
  ])('with a long %s says what it says', (_what, value) => {
    const expected = outcome(() => parseCompletion(value));
    expect(outcome(() => completionIn(jsonBodyOf(bodyOf(value))))).toBe(expected);
  });

  it('with a long field name is read whole, so that nothing hides behind another', () => {
    const value = { messages: [user(long)], [`${long}1`]: [[[]]], [`${long}2`]: 1 };
    expect(jsonBodyOf(bodyOf(value)).excess({ ...WIDE, levels: 3 })).toBe('levels');
  });

  it('is read wherever it lies in memory', () => {
    const bytes = bodyOf({ messages: [user(long)] });
    for (const offset of [0, 1, 2, 3, 5, 8]) {
      const moved = Buffer.alloc(bytes.length + 16, '"').subarray(offset, offset + bytes.length);
      bytes.copy(moved);
      expect(completionIn(jsonBodyOf(moved)).params.messages[0]?.content).toBe(long);
    }
  });
});
