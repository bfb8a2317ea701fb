import { isDeepStrictEqual } from 'node:util';
import { invalid, notPromised } from './schema-errors.ts';

/** A schema that is an object of keywords. */
export type Schema = Readonly<Record<string, unknown>>;

/** Keywords that describe and don't constrain. */
const ANNOTATIONS = new Set([
  '$schema',
  '$id',
  '$comment',
  '$defs',
  'definitions',
  'title',
  'description',
  'default',
  'examples',
  'deprecated',
  'readOnly',
  'writeOnly',
  'strict',
  'name',
]);
/** What each type's grammar promises. */
export const PROMISED: Readonly<Record<string, readonly string[]>> = {
  string: ['minLength', 'maxLength', 'format'],
  integer: ['minimum', 'maximum'],
  number: [],
  boolean: [],
  null: [],
  array: ['items', 'minItems', 'maxItems'],
  object: ['properties', 'required', 'additionalProperties'],
};
/** Grammars that repeat more often than this take too long to follow. */
const MOST_REPEATS = 500;

/** The values that `const`, `enum` and `type` all allow. */
export function listedValues(value: Schema, path: string): readonly unknown[] {
  const only: unknown = value['const'];
  const list: unknown = value['enum'] ?? [only];
  if (!Array.isArray(list)) throw invalid('enum must be a list of values.', `${path}.enum`);
  const types = typesOf(value, path);
  const values = list.filter(
    (one: unknown) =>
      (only === undefined || isDeepStrictEqual(one, only)) &&
      (types.length === 0 || types.some((type) => isOfType(one, type))),
  );
  if (values.length > 0) return values;
  throw invalid('No value is allowed here.', `${path}.${list.length > 0 ? 'type' : 'enum'}`);
}

function isOfType(value: unknown, type: string): boolean {
  switch (type) {
    case 'null':
      return value === null;
    case 'integer':
      return Number.isInteger(value);
    case 'array':
      return Array.isArray(value);
    case 'object':
      return isSchema(value);
    default:
      return typeof value === type;
  }
}

export function typesOf(value: Schema, path: string): string[] {
  const { type } = value;
  if (type === undefined) return impliedType(value);
  const types: unknown[] = Array.isArray(type) ? type : [type];
  return types.map((one) => {
    if (typeof one === 'string' && Object.hasOwn(PROMISED, one)) return one;
    throw invalid(`"${String(one)}" is no JSON type.`, `${path}.type`);
  });
}

/** A schema that speaks of properties means an object, as everybody writes it. */
function impliedType(value: Schema): string[] {
  if (value['properties'] !== undefined) return ['object'];
  return value['items'] === undefined ? [] : ['array'];
}

export function refuseBeyond(value: Schema, promised: readonly string[], path: string): void {
  const keywords = Object.keys(value).filter(
    (key) => !ANNOTATIONS.has(key) && !key.startsWith('x-'),
  );
  const other = keywords.find((key) => !promised.includes(key));
  if (other !== undefined) throw notPromised(`"${other}"`, path);
}

/** How often something may stand in an answer. */
export function bounds(value: Schema, [least, most]: readonly [string, string], path: string) {
  const minItems = repeats(value, least, path) ?? 0;
  const maxItems = repeats(value, most, path);
  if (minItems > (maxItems ?? Infinity)) {
    throw invalid(`${least} is above ${most}: nothing fits.`, `${path}.${least}`);
  }
  return { minItems, maxItems };
}

function repeats(value: Schema, keyword: string, path: string): number | undefined {
  const count = value[keyword];
  if (count === undefined) return undefined;
  if (typeof count !== 'number' || !Number.isInteger(count) || count < 0) {
    throw invalid(`${keyword} must be a whole number.`, `${path}.${keyword}`);
  }
  if (count > MOST_REPEATS) throw notPromised(`"${keyword}" above ${MOST_REPEATS}`, path);
  return count;
}

export function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
