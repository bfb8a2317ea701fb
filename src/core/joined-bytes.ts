import { bodyMemory } from './lent-memory.ts';

/** So much room is made for what was announced but hasn't come; more only as it comes. */
const TRUSTED_BYTES = 1024 * 1024;

const NOTHING = Buffer.alloc(0);

/**
 * The pieces of a body, joined as they come: while they are in the processor's caches. Long ones lie in
 * lent memory, which whoever is the last to look at them gives back. A class for the sake of its size: it
 * stays for as long as its request.
 */
export class JoinedBytes {
  private readonly announced: number;
  private readonly onCopied: (bytes: Buffer) => void;
  private bytes: Buffer = NOTHING;
  private length = 0;

  /**
   * @param announced how many bytes will come; 0 where nobody said
   * @param onCopied told of bytes that are not needed any more
   */
  constructor(announced: number, onCopied: (bytes: Buffer) => void = () => {}) {
    this.announced = announced;
    this.onCopied = onCopied;
  }

  /** Takes a piece over: its sender must not change it. */
  add(piece: Buffer): void {
    const needed = this.length + piece.length;
    if (this.length === 0) {
      // A short body comes in one piece.
      this.bytes = piece;
    } else {
      if (needed > this.bytes.length) this.moveTo(roomFor(needed, this.announced));
      piece.copy(this.bytes, this.length);
      this.onCopied(piece);
    }
    this.length = needed;
  }

  all(): Buffer {
    const { bytes, length } = this;
    return bytes.length === length ? bytes : bytes.subarray(0, length);
  }

  private moveTo(room: number): void {
    const larger = bodyMemory.take(room);
    this.bytes.copy(larger, 0, 0, this.length);
    if (bodyMemory.lent(this.bytes)) bodyMemory.giveBack(this.bytes);
    else this.onCopied(this.bytes);
    this.bytes = larger;
  }
}

function roomFor(needed: number, announced: number): number {
  const ahead = Math.max(2 * needed, TRUSTED_BYTES);
  return needed <= announced ? Math.min(announced, ahead) : 2 * needed;
}
