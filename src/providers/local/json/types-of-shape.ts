import type { ReadSchema, Shape } from './shape.ts';

/** The types, in JSON schema's words, of which a value of this shape may be. */
export function typesOfShape(
  shape: Shape,
  definitions: ReadSchema['definitions'],
): ReadonlySet<string> {
  const types = new Set<string>();
  const seen = new Set<Shape>();
  const collect = (one: Shape): void => {
    if (seen.has(one)) return;
    seen.add(one);
    switch (one.kind) {
      case 'union':
        for (const option of one.of) collect(option);
        return;
      case 'reference':
        collect(definitions.get(one.name) ?? { kind: 'any' });
        return;
      case 'values':
        for (const value of one.values) types.add(typeOf(value));
        return;
      default:
        types.add(one.kind === 'map' ? 'object' : one.kind);
    }
  };
  collect(shape);
  return types;
}

function typeOf(value: unknown): string {
  if (value === null) return 'null';
  if (Number.isInteger(value)) return 'integer';
  return Array.isArray(value) ? 'array' : typeof value;
}
