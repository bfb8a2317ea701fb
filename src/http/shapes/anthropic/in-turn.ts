import type { CallDelta } from '../completion.ts';

/** A piece of an answer: of its thinking, its text, or one of its calls. */
export type Piece =
  | { readonly kind: 'thinking' | 'text'; readonly text: string }
  | { readonly kind: 'call'; readonly call: CallDelta };

/**
 * Puts an answer's pieces in turn. In a chat the pieces of several calls may alternate; in a message a
 * block is whole before the next begins. So what comes amid a call's arguments waits for their end.
 */
export function inTurn() {
  /** Numbers of calls, by what the provider calls them. */
  const numbers = new Map<string, number>();
  /** The id under which a provider's number came last: some give every call the same number. */
  const ids = new Map<number, string>();
  let open: { readonly number: number; text: string } | undefined;
  let held: Piece[] = [];

  function numberOf({ index, id, name }: CallDelta): number {
    if (id !== undefined && (name !== undefined || !ids.has(index))) ids.set(index, id);
    const key = `${index} ${ids.get(index) ?? ''}`;
    const number = numbers.get(key) ?? numbers.size;
    numbers.set(key, number);
    return number;
  }

  function* pass(piece: Piece): Generator<Piece, void, void> {
    const number = piece.kind === 'call' ? piece.call.index : undefined;
    if (open && open.number !== number && !isWhole(open.text)) {
      held.push(piece);
      return;
    }
    if (piece.kind !== 'call') open = undefined;
    else if (open?.number === piece.call.index) open.text += piece.call.arguments;
    else open = { number: piece.call.index, text: piece.call.arguments };
    yield piece;
    if (held.length > 0 && open && isWhole(open.text)) yield* release();
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
        open = undefined;
        yield* release();
      }
    },
  };
}

/** Arguments are an object. */
function isWhole(text: string): boolean {
  if (!text.trimEnd().endsWith('}')) return false;
  try {
    JSON.parse(text);
    return true;
  } catch {
    return false;
  }
}
