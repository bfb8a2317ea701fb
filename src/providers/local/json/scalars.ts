import { bounds, type Schema } from './keywords.ts';
import { invalid, notPromised } from './schema-errors.ts';
import { FORMATS, type Shape } from './shape.ts';

/** A range of whole numbers up to this size is spelt out. */
const MOST_SPELT_OUT = 512;

/** A text of a length or a format. */
export function stringShape(value: Schema, path: string): Extract<Shape, { kind: 'string' }> {
  const format = FORMATS.find((known) => known === value['format']);
  if (value['format'] !== undefined && !format) {
    throw notPromised(`the format "${String(value['format'])}"`, path);
  }
  const { least: minLength, most: maxLength } = bounds(value, ['minLength', 'maxLength'], path);
  if (format && (minLength > 0 || maxLength !== undefined)) {
    throw notPromised('format with a length', path);
  }
  return { kind: 'string', format, minLength, maxLength };
}

/** The grammar writes no whole number that is longer, so that a limit beyond it says nothing. */
const LARGEST = 10 ** 15 - 1;

/** A whole number, in a range that a grammar can tell. */
export function integerShape(value: Schema, path: string): Shape {
  const limit = (keyword: string, none: number) => limitOf(value, keyword, none, path);
  const [under, over] = [limit('exclusiveMinimum', -Infinity), limit('exclusiveMaximum', Infinity)];
  const least = Math.max(Math.ceil(limit('minimum', -Infinity)), Math.floor(under) + 1);
  const most = Math.min(Math.floor(limit('maximum', Infinity)), Math.ceil(over) - 1);
  if (least > most) throw invalid('The range holds no whole number.', path);
  if (most >= LARGEST) {
    if (least <= -LARGEST) return { kind: 'integer' };
    if (least === 0 || least === 1) return { kind: 'integer', least };
  }
  if (least <= -LARGEST || most >= LARGEST) {
    throw notPromised('an open range other than "minimum": 0 or 1', path);
  }
  const count = most - least + 1;
  if (count > MOST_SPELT_OUT) {
    throw notPromised(`a range of more than ${MOST_SPELT_OUT} numbers`, path);
  }
  return { kind: 'values', values: Array.from({ length: count }, (_, index) => least + index) };
}

function limitOf(value: Schema, keyword: string, none: number, path: string): number {
  const limit = value[keyword] ?? none;
  if (typeof limit === 'number') return limit;
  throw invalid(`${keyword} must be a number.`, `${path}.${keyword}`);
}
