/**
 * One small document that outlives the process: the port behind which a file, memory or a shared
 * store sits.
 */
export interface DocumentStore<T> {
  /** What is kept, or undefined when nothing was kept yet. */
  read(): Promise<T | undefined>;
  /**
   * Replaces the document by `change(current)`, as one step: two updates at once never lose one.
   * Resolves with what is kept then.
   *
   * @throws StoreError when it could not be kept; the old document is still whole.
   */
  update(change: (current: T | undefined) => T): Promise<T>;
}

/** The document could not be read or kept (disk full, read-only, gone). */
export class StoreError extends Error {
  override readonly name = 'StoreError';
}
