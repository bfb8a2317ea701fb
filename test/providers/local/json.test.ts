import { afterAll, beforeAll, describe, expect, it, test } from 'vitest';
import { z } from 'zod';
import { matches } from '../../../src/providers/local/json/matches.ts';
import { readSchema } from '../../../src/providers/local/json/read-schema.ts';
import type { LocalModel } from '../../../src/providers/local/local.ts';
import { writeGguf } from '../../support/gguf-writer.ts';
import { builtChild } from '../../support/local-child.ts';
import { ask, modelFor } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';

const person = {
  $schema: 'http://json-schema.org/draft-07/schema#',
  type: 'object',
  properties: {
    name: { type: 'string', maxLength: 12 },
    age: { type: 'integer', minimum: 0, maximum: 120 },
    mood: { enum: ['good', 'bad', null] },
    tags: { type: 'array', items: { type: 'string', maxLength: 4 }, minItems: 1, maxItems: 3 },
    born: { type: 'string', format: 'date' },
    nick: { anyOf: [{ type: 'string', maxLength: 5 }, { type: 'null' }] },
    'strange "name"\\\n': { type: ['boolean', 'null'] },
  },
  required: ['name', 'age', 'mood', 'tags', 'nick'],
  additionalProperties: false,
};
const tree = {
  $ref: '#/$defs/node',
  $defs: {
    node: {
      type: 'object',
      properties: {
        leaf: { type: 'boolean' },
        next: { anyOf: [{ $ref: '#/$defs/node' }, { type: 'null' }] },
      },
      required: ['leaf', 'next'],
    },
  },
};

describe('an answer held to JSON', () => {
  const scratch = scratchFolder();
  let model: LocalModel;

  beforeAll(async () => {
    writeGguf(scratch.path('random.gguf'));
    const modelPath = scratch.path('random.gguf');
    const childPath = await builtChild('json');
    model = modelFor({ childPath, modelPath, modelName: 'random' });
  });
  afterAll(async () => {
    await model.close();
    scratch.remove();
  });

  function inForm(response_format: object, seed: number) {
    const messages = [{ role: 'user', content: 'baba' }];
    // Quotes and brackets are favoured, so that texts and lists of noise come to an end.
    const logit_bias = { '263': 12, '322': 12, '354': 12 };
    return ask(model, { messages, response_format, temperature: 1, seed, logit_bias });
  }

  it.each([
    ['a flat object', person],
    ['a tree of references', tree],
    ['a list', { type: 'array', items: { type: 'number' }, minItems: 2, maxItems: 4 }],
    ['a bare number', { type: 'integer', minimum: 1 }],
    ['a constant', { const: { a: [1, 'two'] } }],
    ['an id', { type: 'string', format: 'uuid' }],
  ])('is %s, exactly as its schema says', async (_name, schema) => {
    const read = readSchema(schema, 'schema');
    for (const seed of [1, 2, 3]) {
      const format = { type: 'json_schema', json_schema: { name: 'x', strict: true, schema } };
      const { choices } = await inForm(format, seed);
      expect(choices[0].finish_reason).toBe('stop');
      expect(matches(JSON.parse(choices[0].message.content), read)).toBe(true);
    }
  });

  it('is any object with json_object, or ends by its length', async () => {
    const ends = [];
    for (const seed of [1, 2, 3, 4, 5, 6]) {
      const { choices } = await inForm({ type: 'json_object' }, seed);
      ends.push(choices[0].finish_reason);
      expect(choices[0].message.content).toMatch(/^\{/);
      if (choices[0].finish_reason === 'stop') JSON.parse(choices[0].message.content);
    }
    expect(ends).toContain('stop');
  });

  it('is refused where llama.cpp finds the grammar without end', async () => {
    const schema = { anyOf: [{ $ref: '#' }, { type: 'null' }] };
    const format = { type: 'json_schema', json_schema: { name: 'x', schema } };
    await expect(inForm(format, 1)).rejects.toMatchObject({ code: 'not_supported' });
    expect(
      (await ask(model, { messages: [{ role: 'user', content: 'ba' }], max_tokens: 1 })).usage,
    ).toMatchObject({ completion_tokens: 1 });
  });
});

describe('a schema that no grammar can promise is refused by name:', () => {
  it.each([
    ['pattern', { const: 'a', pattern: '^b' }],
    ['maxLength', { $ref: '#/$defs/a', maxLength: 2, $defs: { a: { type: 'string' } } }],
    ['type', { type: 'string', anyOf: [{ type: 'boolean' }] }],
    ['type', { type: 'object', $ref: '#/$defs/a', $defs: { a: { type: ['object', 'null'] } } }],
    ['type', { type: 'string', anyOf: [{}] }],
    ['2000 parts', { enum: Array.from({ length: 2_001 }, (_, index) => index) }],
    ['2000 parts', many(900, { type: 'integer', minimum: 0, maximum: 500 })],
    ['2000 parts', many(400, { type: 'string', maxLength: 500 })],
    ['pattern', { type: 'string', pattern: '^a' }],
    ['email', { type: 'string', format: 'email' }],
    ['minimum', { type: 'number', minimum: 3 }],
    ['oneOf', { oneOf: [{ type: 'string' }] }],
    ['allOf', { allOf: [{ type: 'string' }, { maxLength: 3 }] }],
    ['not', { not: { type: 'string' } }],
    ['uniqueItems', { type: 'array', uniqueItems: true }],
    ['patternProperties', { type: 'object', patternProperties: { a: true } }],
    ['minItems', { type: 'array', minItems: 100_000 }],
    ['b', { type: 'object', properties: { a: {} }, required: ['b'] }],
    ['multipleOf', { type: 'object', properties: { a: { type: 'integer', multipleOf: 2 } } }],
  ])('%s', (name, schema) => {
    const read = () => readSchema(schema, 'here');
    expect(read).toThrow(expect.objectContaining({ code: 'not_supported' }));
    expect(read).toThrow(name);
  });

  it.each([
    ['a type that is none', { type: 'text' }],
    ['a reference to nothing', { $ref: '#/$defs/nobody' }],
    ['a reference to elsewhere', { $ref: 'https://example.com/schema' }],
    ['a reference to itself', { $ref: '#' }],
    ['an empty enum', { enum: [] }],
    ['an enum of nothing', { enum: null }],
    ['an enum of other lengths', { enum: ['a', 'bb'], minLength: 3 }],
    ['an enum of another type', { type: 'integer', enum: ['a'] }],
    ['a constant that is not listed', { const: 'a', enum: ['b'] }],
    ['a length that nothing has', { type: 'string', minLength: 5, maxLength: 3 }],
    ['a list that nothing fills', { type: 'array', minItems: 1, maxItems: 0 }],
    ['a list of properties', { type: 'object', properties: [] }],
    ['required that is no list', { type: 'object', properties: { a: {} }, required: 'a' }],
    ['no schema', 'string'],
  ])('%s is invalid', (_name, schema) => {
    const read = () => readSchema(schema, 'here');
    expect(read).toThrow(expect.objectContaining({ code: 'invalid_request' }));
  });
});

describe('a schema', () => {
  it('may refer to every place in itself', () => {
    const schema = {
      type: 'object',
      properties: {
        a: { type: 'boolean' },
        b: { $ref: '#/properties/a' },
        c: { $ref: '#/$defs/x~1y%20z' },
        d: { $ref: '#/$defs/outer/$defs/inner' },
      },
      required: ['a', 'b', 'c', 'd'],
      $defs: {
        'x/y z': { type: 'null' },
        outer: { not: {}, $defs: { inner: { type: 'integer', enum: [1, 'two'] } } },
      },
    };
    const read = readSchema(schema, 'here');
    expect(matches({ a: true, b: false, c: null, d: 1 }, read)).toBe(true);
    expect(matches({ a: true, b: 1, c: null, d: 1 }, read)).toBe(false);
    expect(matches({ a: true, b: true, c: null, d: 'two' }, read)).toBe(false);
  });
});

describe('a schema as zod, pydantic and others write it is read:', () => {
  const $defs = {
    Colour: { enum: ['red', 'blue'], title: 'Colour', type: 'string' },
    Part: { type: 'object', properties: { a: { type: 'integer' } }, required: ['a'] },
  };
  const reference = { $ref: '#/$defs/Colour' };
  const remarks = { title: 'A', description: 'What it is.', default: null };

  it.each([
    ['a reference with remarks', { ...reference, ...remarks }, 'red', 'green'],
    ['a reference in a list of one', { allOf: [reference], ...remarks }, 'red', null],
    ['one thing or nothing', { anyOf: [reference, { type: 'null' }], ...remarks }, null, 1],
    ['a text or nothing', { type: ['string', 'null'], ...remarks }, null, 1],
    ['listed or nothing', { type: ['string', 'null'], enum: ['a', null] }, null, 'b'],
    ['a constant with its type', { type: 'string', const: 'a', ...remarks }, 'a', 'b'],
    ['a constant null', { type: 'null', const: null }, null, 0],
    ['listed numbers in a range', { type: 'integer', enum: [1, 2, 9], maximum: 5 }, 2, 9],
    ['listed texts of a length', { enum: ['a', 'bbb'], minLength: 2 }, 'bbb', 'a'],
    [
      'objects to choose from',
      { type: 'object', anyOf: [{ $ref: '#/$defs/Part' }, { properties: { b: {} } }] },
      { a: 1 },
      'a',
    ],
    [
      'numbers to choose from',
      { type: ['number', 'null'], anyOf: [{ type: 'integer' }, { const: null }] },
      null,
      'a',
    ],
    ['a number that counts', { type: 'integer', exclusiveMinimum: 0 }, 1, 0],
    ['a small number', { type: 'integer', exclusiveMinimum: -2, exclusiveMaximum: 1.5 }, 1, -2],
    ['no member at all', { type: 'object', properties: {}, additionalProperties: false }, {}, 1],
  ])('%s', (_name, schema, good, bad) => {
    const read = readSchema({ ...schema, $defs }, 'schema');
    expect(matches(good, read)).toBe(true);
    expect(matches(bad, read)).toBe(false);
  });
});

test("what zod makes of a program's own types is read", () => {
  const order = z.strictObject({
    item: z.string().describe('What is wanted.'),
    pieces: z.int(),
    id: z.int().positive(),
    size: z.enum(['small', 'large']).nullable(),
    kind: z.literal('order'),
    notes: z.array(z.string()),
    price: z.number(),
    payer: z.union([z.strictObject({ name: z.string() }), z.null()]),
  });
  const read = readSchema(z.toJSONSchema(order), 'schema');
  const made = { item: 'a', pieces: -2, id: 3, size: null, kind: 'order', notes: [], price: 0.5 };
  expect(matches({ ...made, payer: null }, read)).toBe(true);
  expect(matches({ ...made, payer: null, id: 0 }, read)).toBe(false);
});

describe('the last look at an answer', () => {
  it('finds what breaks the schema', () => {
    const read = readSchema(person, 'schema');
    const good = { name: 'Ada', age: 36, mood: null, tags: ['x'], nick: null };
    expect(matches(good, read)).toBe(true);
    for (const wrong of [
      { age: 3e35 },
      { age: 121 },
      { name: 1 },
      { mood: 'odd' },
      { tags: [] },
      { tags: ['12345'] },
      { born: 'yesterday' },
      { nick: 'too long' },
    ]) {
      expect(matches({ ...good, ...wrong }, read)).toBe(false);
    }
    expect(matches({ name: 'Ada' }, read)).toBe(false);
    expect(matches([good], read)).toBe(false);
  });
});

/** Small to write, and long where it is spelt out. */
function many(count: number, schema: object) {
  const names = Array.from({ length: count }, (_, index) => `n${index}`);
  return { type: 'object', properties: Object.fromEntries(names.map((name) => [name, schema])) };
}
