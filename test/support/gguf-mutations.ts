/** How much of a file is header, at least; the damage is done there. */
const HEADER_BYTES = 9_000;

/** Numbers that break arithmetic. */
const ODD = [0, 1, 0x7f, 0x80, 0xff];

/** Damaged copies of a file: bytes flipped, set to odd values, runs copied elsewhere, ends cut. */
export function* mutations(
  whole: Buffer,
  { count, seed }: { count: number; seed: number },
): Generator<Buffer> {
  const random = randomNumbers(seed);
  const header = Math.min(HEADER_BYTES, whole.length);
  for (let made = 0; made < count; made += 1) {
    const damaged = Buffer.from(whole);
    for (let times = 1 + random(4); times > 0; times -= 1) {
      const at = random(random(2) === 0 ? 1_500 : header);
      switch (random(4)) {
        case 0:
          damaged[at] = random(256);
          break;
        case 1:
          damaged.fill(ODD[random(ODD.length)] ?? 0, at, at + 1 + random(8));
          break;
        case 2:
          damaged.copy(damaged, at, random(header), random(header));
          break;
        default:
          damaged[at] = (damaged[at] ?? 0) ^ (1 << random(8));
      }
    }
    yield random(8) === 0 ? damaged.subarray(0, random(damaged.length)) : damaged;
  }
}

function randomNumbers(seed: number): (below: number) => number {
  let state = seed >>> 0 || 1;
  return (below) => {
    state ^= state << 13;
    state ^= state >>> 17;
    state ^= state << 5;
    return (state >>> 0) % below;
  };
}
