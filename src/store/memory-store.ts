import type { DocumentStore } from './document.ts';

/** Keeps the document for the life of the process: for hosts where nothing can be written. */
export function memoryStore<T>(): DocumentStore<T> {
  let kept: T | undefined;
  return {
    read: async () => kept,
    update: async (change) => {
      kept = change(kept);
      return kept;
    },
  };
}
