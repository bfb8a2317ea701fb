import { afterAll, expect, it } from 'vitest';
import { endingOf, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ FIRST_TOKEN_TIMEOUT_MS: '9000', FAILOVER_BUDGET_MS: '12000' });
afterAll(cloud.stop);
const { lab, stream } = cloud;

it('a caller hears a comment every five seconds while a rescue is under way', async () => {
  lab.script('openai/gpt-oss-120b', ['cut']);
  lab.script('openai/gpt-oss-20b', ['late-first-token:ms=6000']);
  const answer = await stream({});
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
  expect(answer.text.match(/^: waiting$/gm)).toHaveLength(1);
  expect(answer.text.indexOf(': waiting')).toBeGreaterThan(answer.text.indexOf('"content"'));
});
