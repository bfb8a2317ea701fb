/** What a JSON pointer in a fragment (`#/$defs/node`) points to. */
export function targetOf(schema: unknown, pointer: string): unknown {
  if (pointer === '#') return schema;
  if (!pointer.startsWith('#/')) return undefined;
  let target = schema;
  for (const step of pointer.slice(2).split('/')) {
    const name = stepName(step);
    const isThere = typeof target === 'object' && target !== null && Object.hasOwn(target, name);
    target = isThere ? Reflect.get(Object(target), name) : undefined;
  }
  return target;
}

function stepName(step: string): string {
  return decoded(step).replaceAll('~1', '/').replaceAll('~0', '~');
}

function decoded(step: string): string {
  try {
    return decodeURIComponent(step);
  } catch {
    return step;
  }
}
