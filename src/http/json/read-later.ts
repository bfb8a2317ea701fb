import { LEFT_OUT } from '../../core/outline.ts';

/**
 * Puts the texts of `whole` into a value that was read of an outline, each behind an accessor: whoever
 * reads one has the whole read.
 * Nothing of an outline may be handed on without.
 *
 * @param whole what the value would be, had nothing been left out
 * @returns how many there are
 */
export function readLater(value: unknown, whole: () => unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  const fields = value as Record<string, unknown>;
  let count = 0;
  for (const name in fields) {
    const read = () => Reflect.get(whole() as object, name);
    if (fields[name] === LEFT_OUT) {
      Object.defineProperty(fields, name, { get: read, enumerable: true });
      count += 1;
    } else {
      count += readLater(fields[name], read);
    }
  }
  return count;
}
