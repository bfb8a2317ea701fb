import { isDeepStrictEqual } from 'node:util';
import { isSchema, refuseBeyond, type Schema, typesOf } from './keywords.ts';
import { invalid } from './schema-errors.ts';

/** What may stand beside listed values: each is looked at, but for its format, which its author saw. */
const BESIDE = ['const', 'enum', 'type', 'format', 'minLength', 'maxLength', 'minimum', 'maximum'];

/**
 * The values that `const`, `enum` and what stands beside them all allow.
 *
 * @throws ApiError where none is left, or where one can't be looked at
 */
export function listedValues(value: Schema, path: string): readonly unknown[] {
  refuseBeyond(value, BESIDE, path);
  const { const: only, enum: list = [only] } = value;
  if (!Array.isArray(list)) throw invalid('enum must be a list of values.', `${path}.enum`);
  const types = typesOf(value, path);
  const values = list.filter(
    (one: unknown) =>
      (only === undefined || isDeepStrictEqual(one, only)) &&
      (types.length === 0 || types.some((type) => isOfType(one, type))) &&
      isWithin(one, value),
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

function isWithin(value: unknown, { minLength, maxLength, minimum, maximum }: Schema): boolean {
  if (typeof value === 'string') return isBetween([...value].length, minLength, maxLength);
  return typeof value !== 'number' || isBetween(value, minimum, maximum);
}

function isBetween(size: number, least: unknown, most: unknown): boolean {
  return size >= Number(least ?? -Infinity) && size <= Number(most ?? Infinity);
}
