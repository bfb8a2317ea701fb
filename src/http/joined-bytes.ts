import { giveBack } from './give-back.ts';

/** The pieces of a body, joined as they come: while they are in the processor's caches. */
export type JoinedBytes = {
  /** Takes a piece over: its sender must not use it again. */
  readonly add: (piece: Buffer) => void;
  readonly all: () => Buffer;
};

/** So much room is made for what was announced but hasn't come; more only as it comes. */
const TRUSTED_BYTES = 1024 * 1024;

/** @param announced how many bytes will come; 0 where nobody said */
export function joinedBytes(announced: number): JoinedBytes {
  let bytes: Buffer = Buffer.alloc(0);
  let length = 0;

  function moveTo(larger: Buffer): void {
    bytes.copy(larger, 0, 0, length);
    giveBack(bytes);
    bytes = larger;
  }

  return {
    add: (piece) => {
      const needed = length + piece.length;
      if (length === 0) {
        // A short body comes in one piece.
        bytes = piece;
      } else {
        if (needed > bytes.length) moveTo(Buffer.allocUnsafeSlow(roomFor(needed, announced)));
        piece.copy(bytes, length);
        giveBack(piece);
      }
      length = needed;
    },
    all: () => (bytes.length === length ? bytes : bytes.subarray(0, length)),
  };
}

function roomFor(needed: number, announced: number): number {
  const ahead = Math.max(2 * needed, TRUSTED_BYTES);
  return needed <= announced ? Math.min(announced, ahead) : 2 * needed;
}
