import { Readable } from 'node:stream';

/** A body on its way out. */
export type OutgoingBytes = {
  readonly body: Uint8Array | Readable;
  /** Whether its stream was begun, and what the stream itself failed with. */
  state(): { readonly isBegun: boolean; readonly failure: unknown };
};

type Options = {
  /** Called when the last byte was taken. */
  readonly onSent: () => void;
  /** Called when a piece is not taken within `stuckMs`. A sender that is slow is another matter. */
  readonly onStuck: () => void;
  readonly stuckMs: number;
};

/** Hands a body on piece by piece, as fast as it is taken. */
export function outgoingBytes(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  { onSent, onStuck, stuckMs }: Options,
): OutgoingBytes {
  if (source instanceof Uint8Array) {
    onSent();
    return { body: source, state: () => ({ isBegun: false, failure: undefined }) };
  }
  let isBegun = false;
  let failure: unknown;
  async function* pieces(stream: AsyncIterable<Uint8Array>) {
    isBegun = true;
    let stuck: NodeJS.Timeout | undefined;
    try {
      for await (const piece of stream) {
        stuck = setTimeout(onStuck, stuckMs);
        yield piece;
        clearTimeout(stuck);
      }
    } catch (error) {
      failure = error;
      throw error;
    } finally {
      clearTimeout(stuck);
    }
    onSent();
  }
  const body = Readable.from(pieces(source), { objectMode: false });
  // Who sends it hears of its failure; without a listener it would end the process.
  body.on('error', () => {});
  return { body, state: () => ({ isBegun, failure }) };
}
