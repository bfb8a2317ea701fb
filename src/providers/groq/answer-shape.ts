import { isAscii } from 'node:buffer';
import { parseJson } from '../../core/json.ts';
import { outlineOf } from '../../core/outline.ts';

/** A shorter answer is read sooner than outlined. */
const LONG_BYTES = 16 * 1024;

/**
 * What a whole answer says, without the insides of its long texts: nobody here reads them, and they are
 * most of it. Undefined where it is no JSON, inside those texts or outside.
 */
export function shapeOf(bytes: Buffer): unknown {
  const outline = bytes.length < LONG_BYTES ? undefined : outlineOf(bytes);
  return parseJson(outline?.text ?? textOf(bytes));
}

/** Reading ASCII as UTF-8 takes three times as long. */
export function textOf(bytes: Buffer): string {
  return bytes.toString(isAscii(bytes) ? 'latin1' : 'utf8');
}
