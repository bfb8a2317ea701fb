import { randomUUID } from 'node:crypto';
import { everyString } from './json-strings.ts';

/** A JSON text without the insides of its long strings. */
export type Outline = {
  /** The same JSON with `LEFT_OUT` in the place of each. */
  readonly text: string;
  readonly leftOut: number;
};

/** What stands in an outline for a text that was left out. No caller can write it. */
export const LEFT_OUT = randomUUID();

/** A shorter JSON text is read sooner than outlined. */
const OUTLINED_BYTES = 16 * 1024;

/** A shorter string in it is read sooner than left out. */
const LONG_BYTES = 1024;

/** Where none was long that far, not much is left to be saved. */
const PATIENCE_BYTES = 64 * 1024;

const COLON = 0x3a;
const BLANK = 0x20;

/**
 * Makes it. Texts that are left out are sound: where JSON can read the outline, it can read the whole.
 * Undefined where it has to be read whole: it is short, no long text is in it, or one that isn't sound,
 * or a field's name is long.
 *
 * @param bytes UTF-8
 */
export function outlineOf(bytes: Buffer): Outline | undefined {
  if (bytes.length < OUTLINED_BYTES) return undefined;
  const pieces: string[] = [];
  let from = 0;
  const isSound = everyString(bytes, (open, close) => {
    if (close - open > LONG_BYTES) {
      if (isName(bytes, close + 1)) return false;
      pieces.push(bytes.toString('utf8', from, open + 1));
      from = close;
    }
    return from > 0 || close <= PATIENCE_BYTES;
  });
  if (!isSound || from === 0) return undefined;
  const text = `${pieces.join(LEFT_OUT)}${LEFT_OUT}${bytes.toString('utf8', from)}`;
  return { text, leftOut: pieces.length };
}

/** Whether the string that ended before `at` is a field's name. */
function isName(bytes: Buffer, from: number): boolean {
  let at = from;
  while ((bytes[at] ?? COLON) <= BLANK) at++;
  return bytes[at] === COLON;
}
