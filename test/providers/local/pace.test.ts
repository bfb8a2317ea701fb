import { describe, expect, it } from 'vitest';
import { INTERRUPTED, pace, UNINTERRUPTED } from '../../../src/providers/local/child/pace.ts';

/** Walks full steps that take so much CPU time each; the first one as much more. */
async function paceAfter(steps: readonly number[], cut = UNINTERRUPTED): Promise<number> {
  let now = 0;
  const walked = pace(cut, { cpuMs: () => now });
  for (const ms of steps) {
    await walked.walk(cut.batchTokens, async () => {
      now += ms;
    });
  }
  return walked.stepTokens();
}

describe('the pace of prefill', () => {
  it('is a whole batch until something was measured', async () => {
    expect(await paceAfter([])).toBe(64);
    expect(await paceAfter([900])).toBe(64);
  });

  it('stays where a batch is over before a cancel grows impatient', async () => {
    expect(await paceAfter([300, 191])).toBe(64);
  });

  it('is halved as often as needed for a slow model, and no more', async () => {
    expect(await paceAfter([360, 340])).toBe(32);
    expect(await paceAfter([600, 530])).toBe(16);
    expect(await paceAfter([9000, 9000])).toBe(16);
  });

  it('is settled by the first steps, whatever comes later', async () => {
    expect(await paceAfter([190, 191, 900, 900])).toBe(64);
    expect(await paceAfter([600, 530, 10, 10])).toBe(16);
  });

  it('takes larger steps where they can be interrupted, and small ones where those take seconds', async () => {
    expect(await paceAfter([2_400, 2_300], INTERRUPTED)).toBe(256);
    expect(await paceAfter([6_000, 5_900], INTERRUPTED)).toBe(64);
  });

  it('learns nothing from a short step', async () => {
    let now = 0;
    const walked = pace(UNINTERRUPTED, { cpuMs: () => now });
    for (const ms of [900, 900, 900]) {
      await walked.walk(12, async () => {
        now += ms;
      });
    }
    expect(walked.stepTokens()).toBe(64);
  });
});
