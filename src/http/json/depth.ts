/** Whether a value of JSON has more levels than that of lists and objects in one another. */
export function isDeeper(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  if (Array.isArray(value)) {
    for (const inner of value) if (isDeeper(inner, levels - 1)) return true;
    return false;
  }
  const fields = value as Readonly<Record<string, unknown>>;
  for (const name in fields) if (isDeeper(fields[name], levels - 1)) return true;
  return false;
}

/** Whether an object has more fields than that. */
export function isWider(value: unknown, fields: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  let count = 0;
  for (const _name in value) if (++count > fields) return true;
  return false;
}
