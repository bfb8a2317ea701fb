import { useComputed } from '@preact/signals';
import { now } from '../shared/now.ts';
import { board } from './live.ts';

/**
 * The server's own time in milliseconds: a browser's clock may be wrong. It goes on by whole steps,
 * and who asks for it is drawn anew once a step.
 */
export function useServerTime(stepMs: number): number {
  const time = useComputed(() => {
    const known = board.value;
    if (!known) return 0;
    const exact = Date.parse(known.time) + Math.max(0, now.value - known.heardAt);
    return Math.floor(exact / stepMs) * stepMs;
  });
  return time.value;
}
