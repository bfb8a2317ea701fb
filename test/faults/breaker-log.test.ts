import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ BREAKER_PROBE_MS: '200', RETRY_ATTEMPTS: '1' });
afterAll(cloud.stop);
const { lab, ask, server } = cloud;

/** What the log says of breakers, in order. */
function changes(): { state: string; reason?: string; probeInMs?: number }[] {
  const lines = server.output().split('\n');
  return lines.filter((line) => line.includes('circuit breaker')).map((line) => JSON.parse(line));
}

test('the log tells every state of a breaker, its reason and the next probe', async () => {
  lab.script('m-log', [{ fault: '503', times: 5 }], { afterwards: 'healthy' });
  const model = 'm-log';
  for (let round = 0; round < 5; round++) await ask({ model });
  // The log comes through a pipe, a moment later.
  await expect
    .poll(changes)
    .toMatchObject([{ model, state: 'open', reason: '503', probeInMs: 200 }]);
  await expect
    .poll(async () => (await ask({ model })).headers.get('x-served-by'), { interval: 50 })
    .toBe('groq/m-log');
  await expect
    .poll(() => changes().slice(1))
    .toMatchObject([
      { model, state: 'probing', reason: '503' },
      { model, state: 'closed' },
    ]);
});
