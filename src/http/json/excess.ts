/** How much a body may hold, beside its bytes. */
export type Bounds = {
  /** Lists and objects in one another. */
  readonly levels: number;
  /** Fields of the outermost object. */
  readonly fields: number;
  /** Fields of all objects together. */
  readonly allFields: number;
};

type Excess = keyof Bounds | undefined;

/** Which of its bounds a value of JSON exceeds; undefined where it keeps them all. */
export function excessOf(value: unknown, { levels, fields, allFields }: Bounds): Excess {
  return hasMore(value, fields) ? 'fields' : within(value, levels, { fields: allFields });
}

/** Whether an object has more fields than that. */
function hasMore(value: unknown, fields: number): boolean {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return false;
  let count = 0;
  for (const _name in value) if (++count > fields) return true;
  return false;
}

function within(value: unknown, levels: number, left: { fields: number }): Excess {
  if (typeof value !== 'object' || value === null) return undefined;
  if (levels === 0) return 'levels';
  if (Array.isArray(value)) {
    for (const inner of value) {
      const excess = within(inner, levels - 1, left);
      if (excess) return excess;
    }
    return undefined;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in fields) {
    left.fields -= 1;
    const excess = left.fields < 0 ? 'allFields' : within(fields[name], levels - 1, left);
    if (excess) return excess;
  }
  return undefined;
}
