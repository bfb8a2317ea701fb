import { type FormScanner, formScanner } from './form-scanner.ts';

/** A form that goes on while it comes in. */
export type OpenForm = {
  /** All of it, as it came. */
  readonly body: AsyncIterable<Uint8Array>;
  /** The model that it names, once that has passed. */
  model(): string | undefined;
};

/** More is not held. A provider can't answer before it has the whole file, so nobody waits longer. */
const MAX_HELD_BYTES = 128 * 1024;

/**
 * Opens a form. Its first bytes are held back until its model is known, so that its limits are; a form
 * that names it behind a large file goes on without.
 */
export async function openForm(
  bytes: AsyncIterable<Uint8Array>,
  boundary: string,
): Promise<OpenForm> {
  const scanner = formScanner(boundary);
  const source = bytes[Symbol.asyncIterator]();
  const held: Uint8Array[] = [];
  let heldBytes = 0;
  while (!scanner.isOver() && heldBytes < MAX_HELD_BYTES) {
    const next = await source.next();
    if (next.done) break;
    scanner.write(next.value);
    held.push(next.value);
    heldBytes += next.value.length;
  }
  return { body: all(held, source, scanner), model: scanner.model };
}

async function* all(
  held: Uint8Array[],
  source: AsyncIterator<Uint8Array>,
  scanner: FormScanner,
): AsyncGenerator<Uint8Array, void, void> {
  try {
    for (;;) {
      const piece = held.shift();
      if (piece) {
        yield piece;
        continue;
      }
      const next = await source.next();
      if (next.done) return;
      scanner.write(next.value);
      yield next.value;
    }
  } finally {
    await source.return?.();
  }
}
