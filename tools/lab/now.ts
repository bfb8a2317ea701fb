/** Wall-clock time in milliseconds with fractions, never running backwards within a process. */
export const nowMs = (): number => performance.timeOrigin + performance.now();
