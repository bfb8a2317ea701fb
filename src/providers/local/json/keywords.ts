import { isObject } from '../../../core/json.ts';
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
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum'],
  number: [],
  boolean: [],
  null: [],
  array: ['items', 'minItems', 'maxItems'],
  object: ['properties', 'required', 'additionalProperties'],
};
/** Grammars that repeat more often than this take too long to follow. */
const MOST_REPEATS = 500;

/** The types that a schema names, or means; none where it may be of any. */
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

/** Refuses the first keyword that is neither promised nor a mere remark. */
export function refuseBeyond(value: Schema, promised: readonly string[], path: string): void {
  const keywords = Object.keys(value).filter(
    (key) => !ANNOTATIONS.has(key) && !key.startsWith('x-'),
  );
  const other = keywords.find((key) => !promised.includes(key));
  if (other !== undefined) throw notPromised(`"${other}"`, path);
}

/** How often something must and may stand in an answer, by the two keywords that say so. */
export function bounds(value: Schema, [low, high]: readonly [string, string], path: string) {
  const least = repeats(value, low, path) ?? 0;
  const most = repeats(value, high, path);
  if (least > (most ?? Infinity)) {
    throw invalid(`${low} is above ${high}: nothing fits.`, `${path}.${low}`);
  }
  return { least, most };
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

/** True for an object of keywords, and for no list. */
export function isSchema(value: unknown): value is Schema {
  return isObject(value);
}
