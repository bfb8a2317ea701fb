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

/** A whole number, in a range that a grammar can tell. */
export function integerShape({ minimum, maximum }: Schema, path: string): Shape {
  if (minimum === undefined && maximum === undefined) return { kind: 'integer' };
  if (maximum === undefined && (minimum === 0 || minimum === 1)) {
    return { kind: 'integer', least: minimum };
  }
  if (typeof minimum !== 'number' || typeof maximum !== 'number') {
    throw notPromised('an open range other than "minimum": 0 or 1', path);
  }
  const least = Math.ceil(minimum);
  const count = Math.floor(maximum) - least + 1;
  if (!(count > 0)) throw invalid('The range holds no whole number.', path);
  if (count > MOST_SPELT_OUT)
    throw notPromised(`a range of more than ${MOST_SPELT_OUT} numbers`, path);
  return { kind: 'values', values: Array.from({ length: count }, (_, index) => least + index) };
}
