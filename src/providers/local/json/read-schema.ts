import { bounds, isSchema, PROMISED, refuseBeyond, type Schema, typesOf } from './keywords.ts';
import { listedValues } from './listed-values.ts';
import { targetOf } from './pointer.ts';
import { integerShape, stringShape } from './scalars.ts';
import { invalid, notPromised } from './schema-errors.ts';
import type { Property, ReadSchema, Shape } from './shape.ts';
import { typesOfShape } from './types-of-shape.ts';

const DEEPEST = 64;
/** So many schemas and listed values make a grammar that is followed in no time. */
const MOST_PARTS = 2_000;
/** What may stand several times is written out as often: so many times take the room of one part. */
const REPEATS_A_PART = 100;

/**
 * Reads a JSON schema, and refuses by name what an answer could not be held to.
 *
 * @param param where the schema stands in the request: `response_format.json_schema.schema`
 * @throws ApiError `not_supported` for keywords without a promise, `invalid_request` for nonsense
 */
export function readSchema(schema: unknown, param: string): ReadSchema {
  const definitions = new Map<string, Shape>();
  /** What references point to, by the pointer; read when the rest is. */
  const targets = new Map<string, unknown>([['', schema]]);
  /** Types that stand beside alternatives or a reference, which must be of them already. */
  const besides: { readonly shape: Shape; readonly types: string[]; readonly path: string }[] = [];
  let parts = 0;

  function read(value: unknown, path: string, depth: number): Shape {
    if (depth > DEEPEST) throw invalid('The schema is nested too deep.', path);
    count(1);
    if (value === true) return { kind: 'any' };
    if (!isSchema(value)) throw invalid('A schema must be an object.', path);
    if (value['$ref'] !== undefined) return reference(value, path);
    if (value['const'] !== undefined || value['enum'] !== undefined) return listed(value, path);
    if (value['anyOf'] !== undefined) return union(value, path, depth);
    if (value['allOf'] !== undefined) return wrapped(value, path, depth);
    return typed(value, path, depth);
  }

  /** A grammar takes longer to follow the larger it is. */
  function count(more: number): void {
    parts += more;
    if (parts > MOST_PARTS) throw notPromised(`more than ${MOST_PARTS} parts`, param);
  }

  function countRepeats(least = 0, most = least): void {
    count(Math.floor(most / REPEATS_A_PART));
  }

  function reference(value: Schema, path: string): Shape {
    refuseBeyond(value, ['$ref', 'type'], path);
    const pointer = String(value['$ref']);
    const target = targetOf(schema, pointer);
    if (target === undefined) {
      throw invalid(`"${pointer}" points to nothing in the schema.`, `${path}.$ref`);
    }
    const name = pointer.slice(1);
    if (!targets.has(name)) targets.set(name, target);
    return besideType({ kind: 'reference', name }, value, path);
  }

  function listed(value: Schema, path: string): Shape {
    const values = listedValues(value, path);
    count(values.length);
    return { kind: 'values', values };
  }

  function union(value: Schema, path: string, depth: number): Shape {
    refuseBeyond(value, ['anyOf', 'type'], path);
    const options = value['anyOf'];
    if (!Array.isArray(options) || options.length === 0) {
      throw invalid('anyOf must be a list of schemas.', `${path}.anyOf`);
    }
    const of = options.map((option, index) => read(option, `${path}.anyOf.${index}`, depth + 1));
    return besideType({ kind: 'union', of }, value, path);
  }

  function besideType(shape: Shape, value: Schema, path: string): Shape {
    if (value['type'] !== undefined) besides.push({ shape, types: typesOf(value, path), path });
    return shape;
  }

  /** Older pydantics put a reference into a list of its own when they had more to say. */
  function wrapped(value: Schema, path: string, depth: number): Shape {
    refuseBeyond(value, ['allOf', 'type'], path);
    const parts = value['allOf'];
    if (!Array.isArray(parts) || parts.length !== 1) {
      throw notPromised('"allOf" of more than one schema', path);
    }
    return besideType(read(parts[0], `${path}.allOf.0`, depth + 1), value, path);
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
      case 'string': {
        const shape = stringShape(value, path);
        countRepeats(shape.minLength, shape.maxLength);
        return shape;
      }
      case 'integer': {
        const shape = integerShape(value, path);
        if (shape.kind === 'values') count(shape.values.length);
        return shape;
      }
      case 'array': {
        const { least: minItems, most: maxItems } = bounds(value, ['minItems', 'maxItems'], path);
        countRepeats(minItems, maxItems);
        const items = read(value['items'] ?? true, `${path}.items`, depth + 1);
        return { kind: 'array', items, minItems, maxItems };
      }
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
    const described = value['properties'] ?? {};
    if (!isSchema(described)) throw invalid('properties must be an object.', `${path}.properties`);
    const entries = Object.entries(described);
    const required: unknown = value['required'] ?? [];
    if (!Array.isArray(required)) throw invalid('required must be a list.', `${path}.required`);
    const unknown: unknown = required.find((name) => !entries.some(([key]) => key === name));
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

  // Reading one target finds more of them.
  for (const [name, target] of targets) {
    definitions.set(name, read(target, `${param}${name.replaceAll('/', '.')}`, 0));
  }
  refuseEndlessReferences(definitions, param);
  for (const { shape, types, path } of besides) {
    const own = [...typesOfShape(shape, definitions)];
    const isOwn = (type: string) =>
      types.includes(type) || (type === 'integer' && types.includes('number'));
    if (!own.every(isOwn)) throw notPromised('"type" beside what may be of another type', path);
  }
  return { root: definitions.get('') ?? { kind: 'any' }, definitions };
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
