import { afterAll, expect, it } from 'vitest';
import { endingOf, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({
  FIRST_TOKEN_TIMEOUT_MS: '10000',
  STREAM_IDLE_TIMEOUT_MS: '10000',
  FAILOVER_BUDGET_MS: '15000',
});
afterAll(cloud.stop);
const { lab, stream } = cloud;

it('a hundred streams that are cut at once are all carried on', async () => {
  lab.script('first', ['cut:gapMs=5']);
  lab.script('second', ['healthy']);
  const models = ['first', 'second'];
  const answers = await Promise.all(Array.from({ length: 100 }, () => stream({ models })));
  for (const answer of answers) {
    expect(streamed(answer)).toBe(lab.expected(PROMPT));
    expect(endingOf(answer)).toBe('whole');
  }
});
