import { parseJson } from '../../core/json.ts';
import { outlineOf } from '../../core/outline.ts';
import { utf8 } from '../../core/utf8.ts';

/**
 * What a whole answer says, without the insides of its long texts: nobody here reads them, and they are
 * most of it. Undefined where it is no JSON, inside those texts or outside.
 */
export function shapeOf(bytes: Buffer): unknown {
  return parseJson(outlineOf(bytes)?.text ?? utf8(bytes));
}
