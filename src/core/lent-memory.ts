/** Memory for long bodies, lent and taken back. */
export type LentMemory = {
  /** At least so many bytes, with whatever was in them before. */
  take(bytes: number): Buffer;
  /** Whether they lie in memory that is lent. */
  lent(bytes: Uint8Array): boolean;
  /** For what nobody will look at again. Bytes that weren't lent, or were given back, are left alone. */
  giveBack(bytes: Uint8Array): void;
};

type Options = {
  /** What is kept ready at most. */
  readonly mostBytes?: number;
  /** After so long without a use it is let go. */
  readonly idleMs?: number;
};

/** Less is lent by nobody: it comes in one piece anyway, or is as cheap from the system. */
const LEAST_BYTES = 64 * 1024;

/**
 * Lends the same memory to one body after the other. V8 counts what lies outside of its heap as if it
 * lay within, and marks the whole heap each time that ten megabytes of bodies have gone by, with a
 * helper on every processor: half of all that a body of 100 KB takes, and more of a longer one.
 */
export function lentMemory({
  mostBytes = 32 * 1024 * 1024,
  idleMs = 10_000,
}: Options = {}): LentMemory {
  let ready: ArrayBuffer[] = [];
  const out = new WeakSet<ArrayBufferLike>();
  let idle: NodeJS.Timeout | undefined;

  const total = () => ready.reduce((sum, { byteLength }) => sum + byteLength, 0);

  /** The smallest that holds them, unless most of it would lie idle. */
  function fitting(bytes: number): ArrayBuffer | undefined {
    let best: ArrayBuffer | undefined;
    for (const each of ready) {
      const { byteLength } = each;
      const fits = byteLength >= bytes && byteLength <= 2 * roundedUp(bytes);
      if (fits && byteLength < (best?.byteLength ?? Infinity)) best = each;
    }
    return best;
  }

  function letGo(): void {
    ready = [];
    idle = undefined;
  }

  return {
    take: (bytes) => {
      if (bytes < LEAST_BYTES) return Buffer.allocUnsafeSlow(bytes);
      const found = fitting(bytes);
      ready = ready.filter((each) => each !== found);
      const buffer = found ? Buffer.from(found) : Buffer.allocUnsafeSlow(roundedUp(bytes));
      out.add(buffer.buffer);
      return buffer;
    },
    lent: ({ buffer }) => out.has(buffer),
    giveBack: ({ buffer }) => {
      if (!(buffer instanceof ArrayBuffer) || !out.delete(buffer)) return;
      if (total() + buffer.byteLength > mostBytes) return;
      ready.push(buffer);
      idle = idle?.refresh() ?? setTimeout(letGo, idleMs).unref();
    },
  };
}

function roundedUp(bytes: number): number {
  return Math.ceil(bytes / LEAST_BYTES) * LEAST_BYTES;
}

/** That of this process: for the bodies of requests, and of whole answers. */
export const bodyMemory = lentMemory();
