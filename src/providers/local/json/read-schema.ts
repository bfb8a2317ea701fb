import { invalid, notPromised } from './schema-errors.ts';
import { FORMATS, type Property, type ReadSchema, type Shape } from './shape.ts';

type Schema = Readonly<Record<string, unknown>>;

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
const PROMISED: Readonly<Record<string, readonly string[]>> = {
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
/** A range of whole numbers up to this size is spelt out. */
const MOST_SPELT_OUT = 512;
const DEEPEST = 64;

/**
 * Reads a JSON schema, and refuses by name what an answer could not be held to.
 *
 * @param param where the schema stands in the request: `response_format.json_schema.schema`
 * @throws ApiError `not_supported` for keywords without a promise, `invalid_request` for nonsense
 */
export function readSchema(schema: unknown, param: string): ReadSchema {
  const definitions = new Map<string, Shape>();
  const top = isSchema(schema) ? schema : {};
  const named = { ...asSchemas(top['definitions']), ...asSchemas(top['$defs']) };

  function read(value: unknown, path: string, depth: number): Shape {
    if (depth > DEEPEST) throw invalid('The schema is nested too deep.', path);
    if (value === true) return { kind: 'any' };
    if (!isSchema(value)) throw invalid('A schema must be an object.', path);
    if (value['$ref'] !== undefined) return reference(value['$ref'], path);
    if (value['const'] !== undefined) return valuesOf([value['const']]);
    if (value['enum'] !== undefined) return enumeration(value['enum'], path);
    if (value['anyOf'] !== undefined) return union(value, path, depth);
    return typed(value, path, depth);
  }

  function reference(target: unknown, path: string): Shape {
    const match = /^#(?:\/(?:\$defs|definitions)\/(.+))?$/.exec(String(target));
    const name = match?.[1] ?? '';
    if (!match || (name !== '' && !Object.hasOwn(named, name))) {
      throw invalid(`"${String(target)}" points to nothing in the schema.`, `${path}.$ref`);
    }
    return { kind: 'reference', name };
  }

  function union(value: Schema, path: string, depth: number): Shape {
    refuseBeyond(value, ['anyOf', 'type'], path);
    const options = value['anyOf'];
    if (!Array.isArray(options) || options.length === 0) {
      throw invalid('anyOf must be a list of schemas.', `${path}.anyOf`);
    }
    return {
      kind: 'union',
      of: options.map((option, index) => read(option, `${path}.anyOf.${index}`, depth + 1)),
    };
  }

  function typed(value: Schema, path: string, depth: number): Shape {
    const types = typesOf(value, path);
    if (types.length === 0) {
      refuseBeyond(value, [], path);
      return { kind: 'any' };
    }
    refuseBeyond(value, ['type', ...types.flatMap((type) => PROMISED[type] ?? [])], path);
    const shapes = types.map((type) => single(type, value, path, depth));
    return shapes.length === 1 && shapes[0] ? shapes[0] : { kind: 'union', of: shapes };
  }

  function single(type: string, value: Schema, path: string, depth: number): Shape {
    switch (type) {
      case 'string':
        return stringShape(value, path);
      case 'integer':
        return integerShape(value, path);
      case 'array':
        return {
          kind: 'array',
          items:
            value['items'] === undefined
              ? { kind: 'any' }
              : read(value['items'], `${path}.items`, depth + 1),
          minItems: repeats(value, 'minItems', path) ?? 0,
          maxItems: repeats(value, 'maxItems', path),
        };
      case 'object':
        return objectShape(value, path, depth);
      case 'number':
      case 'boolean':
      case 'null':
        return { kind: type };
      default:
        throw invalid(`"${type}" is no JSON type.`, `${path}.type`);
    }
  }

  function objectShape(value: Schema, path: string, depth: number): Shape {
    const entries = Object.entries(asSchemas(value['properties']));
    const required: readonly unknown[] = Array.isArray(value['required']) ? value['required'] : [];
    const unknown = required.find((name) => !entries.some(([key]) => key === name));
    if (unknown !== undefined) {
      throw notPromised(`a required property that is not described ("${String(unknown)}")`, path);
    }
    const more = value['additionalProperties'];
    if (entries.length === 0) {
      if (more === false) return { kind: 'object', properties: [] };
      const values = more === undefined ? true : more;
      return { kind: 'map', values: read(values, `${path}.additionalProperties`, depth + 1) };
    }
    const properties = entries.map(([name, schema]): Property => {
      const shape = read(schema, `${path}.properties.${name}`, depth + 1);
      return { name, shape, required: required.includes(name) };
    });
    return { kind: 'object', properties };
  }

  for (const [name, value] of Object.entries(named)) {
    definitions.set(name, read(value, `${param}.$defs.${name}`, 1));
  }
  const root = read(schema, param, 0);
  definitions.set('', root);
  refuseEndlessReferences(definitions, param);
  return { root, definitions };
}

function stringShape(value: Schema, path: string): Shape {
  const format = FORMATS.find((known) => known === value['format']);
  if (value['format'] !== undefined && !format) {
    throw notPromised(`the format "${String(value['format'])}"`, path);
  }
  const minLength = repeats(value, 'minLength', path);
  const maxLength = repeats(value, 'maxLength', path);
  if (format && (minLength ?? maxLength) !== undefined)
    throw notPromised('format with a length', path);
  return { kind: 'string', format, minLength, maxLength };
}

function integerShape({ minimum, maximum }: Schema, path: string): Shape {
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
  return valuesOf(Array.from({ length: count }, (_, index) => least + index));
}

function enumeration(values: unknown, path: string): Shape {
  if (Array.isArray(values) && values.length > 0) return valuesOf(values);
  throw invalid('enum must be a list of values.', `${path}.enum`);
}

function valuesOf(values: readonly unknown[]): Shape {
  return { kind: 'values', values };
}

function typesOf(value: Schema, path: string): string[] {
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

function refuseBeyond(value: Schema, promised: readonly string[], path: string): void {
  const keywords = Object.keys(value).filter(
    (key) => !ANNOTATIONS.has(key) && !key.startsWith('x-'),
  );
  const other = keywords.find((key) => !promised.includes(key));
  if (other !== undefined) throw notPromised(`"${other}"`, path);
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

/** A name that only leads back to itself would never produce a value. */
function refuseEndlessReferences(definitions: ReadonlyMap<string, Shape>, param: string): void {
  for (const start of definitions.values()) {
    const seen = new Set<Shape>();
    for (
      let at: Shape | undefined = start;
      at?.kind === 'reference';
      at = definitions.get(at.name)
    ) {
      if (seen.has(at)) throw invalid('A reference leads back to itself.', param);
      seen.add(at);
    }
  }
}

function isSchema(value: unknown): value is Schema {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

function asSchemas(value: unknown): Schema {
  return isSchema(value) ? value : {};
}
