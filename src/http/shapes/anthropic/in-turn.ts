import { ApiError } from '../../../core/errors.ts';
import { isObject, parseJson } from '../../../core/json.ts';
import type { CallDelta } from '../completion.ts';

/** A piece of an answer: of its thinking, its text, or one of its calls. */
export type Piece =
  | { readonly kind: 'thinking' | 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly call: CallDelta };

/** The call that is being written. */
type OpenCall = {
  readonly number: number;
  text: string;
  /** Undefined until somebody asks. */
  isWhole: boolean | undefined;
};

/** Pieces that may wait for the end of a call's arguments. */
const MAX_HELD = 10_000;

/**
 * Puts an answer's pieces in turn. In a chat the pieces of several calls may alternate; in a message a
 * block is whole before the next begins. So what comes amid a call's arguments waits for their end.
 */
export function inTurn() {
  const numberOf = callNumbers();
  const closed = new Set<number>();
  let open: OpenCall | undefined;
  let held: Piece[] = [];

  function* pass(piece: Piece): Generator<Piece, void, void> {
    const number = piece.kind === 'call' ? piece.call.index : undefined;
    // Some providers end each call with an empty piece, when the next has begun.
    if (number !== undefined && closed.has(number)) return;
    if (open && open.number !== number && !isWhole(open)) return hold(piece);
    if (open?.number !== number) leave();
    if (piece.kind === 'call') {
      open ??= { number: piece.call.index, text: '', isWhole: undefined };
      grow(open, piece.call.arguments);
    }
    yield piece;
    if (held.length > 0 && open && isWhole(open)) yield* release();
  }

  function hold(piece: Piece): void {
    if (held.push(piece) > MAX_HELD) throw neverWhole();
  }

  function leave(): void {
    if (open) closed.add(open.number);
    open = undefined;
  }

  function* release(): Generator<Piece, void, void> {
    const waiting = held;
    held = [];
    for (const piece of waiting) yield* pass(piece);
  }

  return {
    *take(piece: Piece): Generator<Piece, void, void> {
      if (piece.kind !== 'call') return yield* pass(piece);
      yield* pass({ kind: 'call', call: { ...piece.call, index: numberOf(piece.call) } });
    },
    /** The answer is over, and so is every call in it. */
    *end(): Generator<Piece, void, void> {
      while (held.length > 0) {
        leave();
        yield* release();
      }
    },
  };
}

/** Numbers calls in their order: some providers give each the same number, and another id. */
function callNumbers(): (piece: CallDelta) => number {
  const calls = new Map<number, { readonly number: number; readonly id: string | undefined }>();
  let count = 0;
  return ({ index, id, name }) => {
    const known = calls.get(index);
    // Others send a new id with every piece of a call; its name comes once.
    const isOther = known?.id !== undefined && id !== undefined && name !== undefined;
    if (known && !(isOther && id !== known.id)) return known.number;
    const number = count++;
    calls.set(index, { number, id });
    return number;
  };
}

function grow(call: OpenCall, text: string): void {
  call.text += text;
  if (text.trim() !== '') call.isWhole = text.trimEnd().endsWith('}') ? undefined : false;
}

/** Arguments are an object. */
function isWhole(call: OpenCall): boolean {
  call.isWhole ??= isObject(parseJson(call.text));
  return call.isWhole;
}

function neverWhole(): ApiError {
  return new ApiError(
    'provider_error',
    'The provider never finished a tool call that it had begun. Send the request again.',
  );
}
