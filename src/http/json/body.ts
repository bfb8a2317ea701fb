import { isUtf8 } from 'node:buffer';
import { ApiError } from '../../core/errors.ts';
import { type Outline, outlineOf } from '../../core/outline.ts';
import { utf8 } from '../../core/utf8.ts';
import { type Bounds, excessOf } from './excess.ts';
import { readLater } from './read-later.ts';

/** What a JSON body says. */
export type JsonBody = {
  /** All of it. Whoever reads a long text in it may have the body read once more, as a whole. */
  readonly value: () => unknown;
  readonly excess: (bounds: Bounds) => keyof Bounds | undefined;
  /**
   * What `parse` makes of it, without reading the body as a whole where it needn't be.
   *
   * @param textsOf where in the result long texts may wait: `parse` leaves them there as they are, and
   *   asks nothing of them but that they are texts. One that stands elsewhere has the body read at once.
   */
  readonly parsed: <T>(parse: (value: unknown) => T, textsOf: (parsed: T) => unknown) => T;
};

/**
 * Reads a body: a short one as a whole, a long one in outline.
 *
 * @throws ApiError `invalid_json` for what isn't JSON, also within texts that are left out.
 */
export function jsonBodyOf(bytes: Buffer): JsonBody {
  if (!isUtf8(bytes)) throw new ApiError('invalid_json', 'The body is not valid UTF-8.');
  const outline = outlineOf(bytes);
  return (outline && outlined(bytes, outline)) ?? new WholeBody(bytes);
}

/** A class for the sake of its size: it stays for as long as its request. */
class WholeBody implements JsonBody {
  private readonly whole: unknown;

  constructor(bytes: Buffer) {
    this.whole = readWhole(bytes);
  }

  value(): unknown {
    return this.whole;
  }

  excess(bounds: Bounds): keyof Bounds | undefined {
    return excessOf(this.whole, bounds);
  }

  parsed<T>(parse: (value: unknown) => T): T {
    return parse(this.whole);
  }
}

/** The outline itself never leaves here. */
function outlined(bytes: Buffer, { text, leftOut }: Outline): JsonBody | undefined {
  const shape: unknown = attempt(JSON.parse, text);
  if (shape === undefined) return undefined;
  const whole = once(() => readWhole(bytes));
  const parsed: JsonBody['parsed'] = (parse, textsOf) => {
    const inOutline = attempt(parse, shape);
    if (inOutline === undefined) return parse(whole());
    const texts = once(() => textsOf(parse(whole())));
    return readLater(textsOf(inOutline), texts) === leftOut ? inOutline : parse(whole());
  };
  const copied = () => {
    const copy = [JSON.parse(text)];
    return readLater(copy, () => [whole()]) === leftOut ? copy[0] : whole();
  };
  return {
    value: once(copied),
    excess: (bounds) => excessOf(shape, bounds),
    parsed,
  };
}

function readWhole(bytes: Buffer): unknown {
  try {
    return JSON.parse(utf8(bytes));
  } catch {
    throw new ApiError(
      'invalid_json',
      'The body is not valid JSON. Check quotes, commas and braces.',
    );
  }
}

/** Undefined where it throws: complaints about an outline mean little. */
function attempt<T, A>(make: (argument: A) => T, argument: A): T | undefined {
  try {
    return make(argument);
  } catch {
    return undefined;
  }
}

function once<T>(make: () => T): () => T {
  let made: { readonly it: T } | undefined;
  return () => {
    made ??= { it: make() };
    return made.it;
  };
}
