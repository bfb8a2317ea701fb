import { type DocumentStore, StoreError } from '../../src/store/document.ts';
import { memoryStore } from '../../src/store/memory-store.ts';

/** A store in memory whose disk a test can fill up and empty again, and which counts its writes. */
export type FlakyStore<T> = DocumentStore<T> & {
  /** The next so many updates fail. */
  fail(times?: number): void;
  mend(): void;
  writes(): number;
};

export function flakyStore<T>(): FlakyStore<T> {
  const kept = memoryStore<T>();
  let failures = 0;
  let writes = 0;
  return {
    read: kept.read,
    update: async (change) => {
      const before = await kept.read();
      if (failures > 0) {
        failures -= 1;
        throw new StoreError("can't write db.json: ENOSPC");
      }
      const after = await kept.update(change);
      if (after !== before) writes += 1;
      return after;
    },
    fail: (times = Number.POSITIVE_INFINITY) => {
      failures = times;
    },
    mend: () => {
      failures = 0;
    },
    writes: () => writes,
  };
}
