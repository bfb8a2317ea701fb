import { isDeepStrictEqual } from 'node:util';
import { isObject } from '../../../core/json.ts';
import type { Format, ReadSchema, Shape } from './shape.ts';

/** Whether a value is what the schema says: the last look, after the grammar had its say. */
export function matches(value: unknown, { root, definitions }: ReadSchema): boolean {
  const fits = (one: unknown, shape: Shape): boolean => {
    switch (shape.kind) {
      case 'any':
        return true;
      case 'null':
        return one === null;
      case 'boolean':
      case 'number':
        return typeof one === shape.kind;
      case 'integer':
        return Number.isSafeInteger(one) && Number(one) >= (shape.least ?? -Infinity);
      case 'string':
        return typeof one === 'string' && stringFits(one, shape);
      case 'values':
        return shape.values.some((known) => isDeepStrictEqual(known, one));
      case 'array':
        return (
          Array.isArray(one) &&
          one.length >= shape.minItems &&
          one.length <= (shape.maxItems ?? Infinity) &&
          one.every((item) => fits(item, shape.items))
        );
      case 'object':
        return isObject(one) && objectFits(one, shape, fits);
      case 'map':
        return isObject(one) && Object.values(one).every((item) => fits(item, shape.values));
      case 'union':
        return shape.of.some((option) => fits(one, option));
      case 'reference':
        return fits(one, definitions.get(shape.name) ?? { kind: 'any' });
    }
  };
  return fits(value, root);
}

function objectFits(
  value: Readonly<Record<string, unknown>>,
  { properties }: Extract<Shape, { kind: 'object' }>,
  fits: (value: unknown, shape: Shape) => boolean,
): boolean {
  return properties.every(({ name, shape, required }) => {
    return Object.hasOwn(value, name) ? fits(value[name], shape) : !required;
  });
}

const FORMATS: Readonly<Record<Format, RegExp>> = {
  date: /^\d{4}-\d{2}-\d{2}$/,
  time: /^\d{2}:\d{2}:\d{2}Z$/,
  'date-time': /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}Z$/,
  uuid: /^[0-9a-f]{8}-([0-9a-f]{4}-){3}[0-9a-f]{12}$/i,
};

function stringFits(
  text: string,
  { minLength = 0, maxLength = Infinity, format }: Extract<Shape, { kind: 'string' }>,
): boolean {
  const length = [...text].length;
  if (length < minLength || length > maxLength) return false;
  return format === undefined || FORMATS[format].test(text);
}
