import { Readable } from 'node:stream';

/** A body on its way out. */
export type OutgoingBytes = {
  readonly body: Uint8Array | Readable;
  /** Whether its stream was begun, and what the stream itself failed with. */
  state(): { readonly isBegun: boolean; readonly failure: unknown };
};

/** @param onSent called when the last byte was taken */
export function outgoingBytes(
  source: Uint8Array | AsyncIterable<Uint8Array>,
  onSent: () => void,
): OutgoingBytes {
  if (source instanceof Uint8Array) {
    onSent();
    return { body: source, state: () => ({ isBegun: false, failure: undefined }) };
  }
  let isBegun = false;
  let failure: unknown;
  async function* pieces(stream: AsyncIterable<Uint8Array>) {
    isBegun = true;
    try {
      yield* stream;
    } catch (error) {
      failure = error;
      throw error;
    }
    onSent();
  }
  const body = Readable.from(pieces(source), { objectMode: false });
  // Who sends it hears of its failure; without a listener it would end the process.
  body.on('error', () => {});
  return { body, state: () => ({ isBegun, failure }) };
}
