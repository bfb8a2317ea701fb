import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { whileWorking } from '../../../src/providers/local/child/heartbeat.ts';

beforeEach(() => void vi.useFakeTimers());
afterEach(() => void vi.useRealTimers());

/** Works so many seconds with a share of a CPU. @returns how often it was said to go on */
async function beatsIn(seconds: number, share: number): Promise<number> {
  let beats = 0;
  const start = Date.now();
  const worked = whileWorking(
    () => {
      beats += 1;
    },
    () => new Promise<void>((done) => setTimeout(done, seconds * 1000)),
    { cpuMs: () => (Date.now() - start) * share },
  );
  await vi.advanceTimersByTimeAsync(seconds * 1000);
  await worked;
  await vi.advanceTimersByTimeAsync(60_000);
  return beats;
}

it('a long step is told to go on, also with a tenth of a CPU, and no longer when it is over', async () => {
  expect(await beatsIn(45, 1)).toBeGreaterThan(40);
  expect(await beatsIn(45, 0.1)).toBeGreaterThan(40);
});

it('a step that stands still is not', async () => {
  expect(await beatsIn(45, 0)).toBe(0);
});

it('nor is one that would never end', async () => {
  expect(await beatsIn(600, 1)).toBe(150);
});
