import { readFileSync } from 'node:fs';
import { basename } from 'node:path';

/** A stretch of this process's memory. */
type Region = {
  readonly from: bigint;
  readonly to: bigint;
  /** As the kernel writes them, `r-xp`. */
  readonly permissions: string;
  /** The file that it was mapped from, or nothing. */
  readonly path: string;
};

/** This process's memory as it is now (Linux, `/proc/self/maps`). */
export type MemoryMap = {
  /** The only loaded file whose name begins so. @throws Error where there is none, or several */
  fileOf(beginning: string): string;
  /** Whether a file's code lies there, to be called. */
  isCode(address: bigint, path: string): boolean;
  /** Whether a file's own data lies there, to be read and written. */
  isData(address: bigint, bytes: number, path: string): boolean;
};

/** Reads the map; what is loaded later isn't in it. */
export function memoryMap(): MemoryMap {
  const regions = readFileSync('/proc/self/maps', 'utf8').split('\n').flatMap(regionOf);

  function isIn(address: bigint, bytes: number, wanted: Omit<Region, 'from' | 'to'>): boolean {
    return regions.some(
      ({ from, to, permissions, path }) =>
        permissions === wanted.permissions &&
        path === wanted.path &&
        from <= address &&
        address + BigInt(bytes) <= to,
    );
  }

  return {
    fileOf(beginning) {
      const paths = regions.map(({ path }) => path);
      const found = new Set(paths.filter((path) => basename(path).startsWith(beginning)));
      const [only] = found;
      if (only === undefined || found.size > 1)
        throw new Error(`${found.size} ${beginning}* loaded`);
      return only;
    },
    isCode: (address, path) => isIn(address, 1, { permissions: 'r-xp', path }),
    isData: (address, bytes, path) => isIn(address, bytes, { permissions: 'rw-p', path }),
  };
}

function regionOf(line: string): Region[] {
  const [, from, to, permissions = '', path = ''] =
    /^([\da-f]+)-([\da-f]+) (\S+) \S+ \S+ \d+ *(.*)$/.exec(line) ?? [];
  if (from === undefined || to === undefined) return [];
  return [{ from: BigInt(`0x${from}`), to: BigInt(`0x${to}`), permissions, path }];
}
