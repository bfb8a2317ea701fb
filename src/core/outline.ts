import { randomUUID } from 'node:crypto';
import { nextString, stringEnd } from './string-end.ts';

/** A JSON text without the insides of its long strings. */
export type Outline = {
  /** The same JSON with `LEFT_OUT` in the place of each. */
  readonly text: string;
  readonly leftOut: number;
};

/** What stands in an outline for a text that was left out. No caller can write it. */
export const LEFT_OUT = randomUUID();

/** A shorter text is read sooner than it is left out. */
const LONG_BYTES = 1024;

/** Where none was long that far, not much is left to be saved. */
const PATIENCE_BYTES = 64 * 1024;

const COLON = 0x3a;
const BLANK = 0x20;

/**
 * Makes it. Texts that are left out are sound: where JSON can read the outline, it can read the whole.
 * Undefined where it has to be read whole: no long text is in it, or one that isn't sound, or a
 * field's name is long.
 *
 * @param bytes UTF-8
 */
export function outlineOf(bytes: Buffer): Outline | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const pieces: string[] = [];
  let from = 0;
  let at = nextString(view, 0);
  while (at !== -1) {
    const end = stringEnd(view, at + 1);
    if (end === -1) return undefined;
    if (end - at > LONG_BYTES) {
      if (isName(bytes, end + 1)) return undefined;
      pieces.push(bytes.toString('utf8', from, at + 1));
      from = end;
    }
    if (from === 0 && end > PATIENCE_BYTES) return undefined;
    at = nextString(view, end + 1);
  }
  if (from === 0) return undefined;
  const text = `${pieces.join(LEFT_OUT)}${LEFT_OUT}${bytes.toString('utf8', from)}`;
  return { text, leftOut: pieces.length };
}

/** Whether the string that ended before `at` is a field's name. */
function isName(bytes: Buffer, from: number): boolean {
  let at = from;
  while ((bytes[at] ?? COLON) <= BLANK) at++;
  return bytes[at] === COLON;
}
