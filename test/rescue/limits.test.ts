import { afterAll, afterEach, expect, it } from 'vitest';
import { endingOf, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({
  BREAKER_PROBE_MS: '1',
  FIRST_TOKEN_TIMEOUT_MS: '700',
  FAILOVER_BUDGET_MS: '1500',
  EARLY_HEADERS_MS: '200',
});
afterAll(cloud.stop);
afterEach(() => cloud.lab.reset());

/** A chain of two models that no breaker and no limit knows yet. */
let runs = 0;
function twoModels(first: readonly string[], second: readonly string[]) {
  runs += 1;
  const models = [`first-${runs}`, `second-${runs}`] as const;
  lab.script(models[0], first);
  lab.script(models[1], second);
  return models;
}
const { lab, stream, attempts, open } = cloud;
const cloudOnly = { headers: { 'x-fallback': 'local-off' } };

it('a stream that breaks after its head had to leave early is carried on as well', async () => {
  const models = twoModels(['silent'], ['cut-once', 'healthy']);
  const answer = await stream({ models });
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
  expect(answer.text).toMatch(/^: waiting\n\n/);
  expect(answer.headers.get('x-served-by')).toBeNull();
});

it('a rescuer’s 429 is waited out where the budget allows it', async () => {
  const models = twoModels(['stall'], ['429-once:retryAfter=1', 'healthy']);
  const answer = await stream({ models });
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
  expect(attempts(models[1])).toHaveLength(2);
});

it('a rescuer’s retry-after beyond the budget is not waited for', async () => {
  const models = twoModels(['cut'], ['429:retryAfter=30']);
  const answer = await stream({ models }, cloudOnly);
  expect(endingOf(answer)).toBe('error');
  expect(answer.tookMs).toBeLessThan(1500 + 700);
});

it('all rescuers together stay within FAILOVER_BUDGET_MS', async () => {
  const silent = Array.from({ length: 6 }, (_, index) => `lab/silent#rescuer-${index}`);
  const answer = await stream({ models: ['lab/cut#budget', ...silent] }, cloudOnly);
  expect(endingOf(answer)).toBe('error');
  expect(answer.tookMs).toBeLessThan(1500 + 900);
});

/** How long the rescuer's request outlives a caller that leaves, in milliseconds. */
async function outlivedMs(): Promise<number> {
  const models = twoModels(['cut'], ['silent']);
  const rescuer = () => attempts(models[1])[0];
  const caller = new AbortController();
  const gone = open({ stream: true, models }, { signal: caller.signal })
    .then((response) => response.text())
    .catch(() => 'left');
  await lab.until(() => rescuer() !== undefined);
  const leftAtMs = performance.timeOrigin + performance.now();
  caller.abort();
  expect(await gone).toBe('left');
  await lab.until(() => rescuer()?.end === 'hung-up');
  return (rescuer()?.finishedAtMs ?? Number.NaN) - leftAtMs;
}

it('a caller that leaves during a rescue ends the rescuer’s request within 100 ms', async () => {
  // The best of three: the machine may be busy with other things.
  const outlived = [await outlivedMs(), await outlivedMs(), await outlivedMs()];
  expect(Math.min(...outlived)).toBeLessThan(100);
  expect(lab.attempts).toHaveLength(6);
});

it('an answer to its last letter, but without a finish reason, only gets its end', async () => {
  const models = twoModels(['cut:tokens=60'], ['healthy']);
  const answer = await stream({ models });
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
});

it('a 429 that asks for no wait at all is still backed off from', async () => {
  const model = 'lab/429:retryAfter=0';
  await stream({ model });
  const all = attempts(model);
  expect(all).toHaveLength(3);
  const first = all[0]?.arrivedAtMs ?? 0;
  const last = all[2]?.arrivedAtMs ?? 0;
  expect(last - first).toBeGreaterThan(10);
});
