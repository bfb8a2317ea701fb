import { garbage } from './faults.ts';

/**
 * Judges what was read of each event of a stream, undefined standing for a malformed one: one of them
 * is left out, two in a row are a broken stream.
 *
 * @param onMalformed told of each that is left out
 */
export function wellFormed(onMalformed: () => void): <T>(read: T | undefined) => read is T {
  let malformedInARow = 0;
  return <T>(read: T | undefined): read is T => {
    malformedInARow = read === undefined ? malformedInARow + 1 : 0;
    if (malformedInARow > 1) throw garbage(new Error('two malformed events in a row'));
    if (malformedInARow === 1) onMalformed();
    return read !== undefined;
  };
}
