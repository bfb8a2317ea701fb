import type { HeaderName } from './headers.ts';

/** The schema that a name stands for. */
export function schemaRef(name: string) {
  return { $ref: `#/components/schemas/${name}` };
}

/** Headers of an answer, by reference. */
export function headerRefs(names: readonly HeaderName[]) {
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]));
}
