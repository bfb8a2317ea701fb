import { afterAll, expect, onTestFinished, test } from 'vitest';
import { errorIn, said } from '../support/answer.ts';
import { type Cloud, PROMPT, startCloud } from '../support/cloud.ts';

const FIRST = 'gsk_first_key_that_is_long_aaaa';
const SECOND = 'gsk_second_key_that_is_long_bbbb';
const cloud = await startCloud({ GROQ_API_KEY: `${FIRST}, ${SECOND}` });
afterAll(cloud.stop);

/** The server's log lines of level error. */
function errorLines({ server }: Cloud): { key?: string; msg: string }[] {
  const lines = server.output().split('\n');
  return lines.filter((line) => line.includes('"level":50')).map((line) => JSON.parse(line));
}

test('a revoked key is set aside with one error in the log, and the other key answers', async () => {
  cloud.lab.revoke(FIRST);
  for (const round of [1, 2, 3]) {
    const answer = await cloud.ask({ model: `lab/healthy#key-${round}` });
    expect(said(answer)).toBe(cloud.lab.expected(PROMPT));
    expect(answer.headers.get('x-fallback-trail')).toBeNull();
  }
  const used = cloud.lab.attempts.map(({ key }) => key);
  expect(used.filter((key) => key === FIRST)).toHaveLength(1);
  expect(used.filter((key) => key === SECOND)).toHaveLength(3);
  expect(errorLines(cloud).map(({ key }) => key)).toEqual(['…aaaa']);
  expect(cloud.server.output()).not.toContain(FIRST.slice(0, -4));
});

test('a key whose quota is used up hands over to the other at once', async () => {
  const shared = await startCloud(
    { GROQ_API_KEY: `${FIRST},${SECOND}` },
    { modelLimits: { 'lab/healthy#quota': { rpm: 2 } } },
  );
  onTestFinished(shared.stop);
  for (let round = 0; round < 4; round++) {
    const answer = await shared.ask({ model: 'lab/healthy#quota' });
    expect(answer.headers.get('x-served-by')).toBe('groq/lab/healthy#quota');
    expect(answer.headers.get('x-fallback-trail')).toBeNull();
    expect(answer.tookMs).toBeLessThan(900);
  }
});

test('the key with more quota left is asked first', async () => {
  const shared = await startCloud(
    { GROQ_API_KEY: `${FIRST},${SECOND}` },
    { modelLimits: { 'lab/healthy#share': { tpm: 100_000 } } },
  );
  onTestFinished(shared.stop);
  for (let round = 0; round < 6; round++) await shared.ask({ model: 'lab/healthy#share' });
  const used = shared.lab.attempts.map(({ key }) => key);
  expect(used.filter((key) => key === FIRST)).toHaveLength(3);
});

test('with its only key refused the caller is answered locally, and never told 401', async () => {
  const alone = await startCloud();
  onTestFinished(alone.stop);
  const messages = [{ role: 'user', content: 'Hello' }];
  for (const fault of ['401', '403']) {
    alone.lab.script('*', [fault]);
    const answer = await alone.ask({ messages });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-fallback-trail')).toBe(
      'groq/openai/gpt-oss-120b:auth, groq/openai/gpt-oss-20b:auth, local/lifeboat',
    );
    const refused = await alone.stream({ messages }, { headers: { 'x-fallback': 'local-off' } });
    expect(refused.status).toBe(503);
    expect(errorIn(refused)?.message).not.toMatch(/key/i);
  }
  expect(errorLines(alone).map(({ key }) => key)).toEqual(['…ults']);
  expect(alone.server.output()).not.toContain('gsk_');
});
