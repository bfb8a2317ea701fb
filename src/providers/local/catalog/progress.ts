import type { Clock } from '../../../core/clock.ts';

/** How far a download is. */
export type Progress = {
  readonly doneBytes: number;
  readonly totalBytes: number | undefined;
  readonly bytesPerSecond: number;
  readonly leftMs: number | undefined;
};

export type ProgressMeter = {
  /** A download begins, or begins again, at that place. */
  start(atBytes: number, totalBytes: number | undefined): void;
  add(bytes: number): void;
  done(): number;
};

/** Reports at most so often. */
const EVERY_MS = 100;

/** Measures a download's speed since it began, and tells no more often than eyes can follow. */
export function progressMeter({
  clock,
  onProgress,
}: {
  clock: Clock;
  onProgress: (progress: Progress) => void;
}): ProgressMeter {
  let began = { atMs: 0, atBytes: 0 };
  let total: number | undefined;
  let done = 0;
  let toldAt = -Infinity;

  function tell(now: number): void {
    toldAt = now;
    const seconds = Math.max(0.001, (now - began.atMs) / 1000);
    const bytesPerSecond = (done - began.atBytes) / seconds;
    const left = total === undefined ? undefined : (total - done) / Math.max(1, bytesPerSecond);
    onProgress({
      doneBytes: done,
      totalBytes: total,
      bytesPerSecond,
      leftMs: left === undefined ? undefined : left * 1000,
    });
  }

  return {
    start(atBytes, totalBytes) {
      began = { atMs: clock.elapsed(), atBytes };
      done = atBytes;
      total = totalBytes;
      tell(began.atMs);
    },
    add(bytes) {
      done += bytes;
      const now = clock.elapsed();
      if (now - toldAt >= EVERY_MS || done === total) tell(now);
    },
    done: () => done,
  };
}
