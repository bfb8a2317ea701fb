import { afterAll, expect, test } from 'vitest';
import { completion, said } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const PROBE_MS = 600;

const cloud = await startCloud({
  BREAKER_PROBE_MS: String(PROBE_MS),
  FIRST_TOKEN_TIMEOUT_MS: '400',
  LOCAL_MODEL: 'none',
  RETRY_ATTEMPTS: '1',
});
afterAll(cloud.stop);
const { lab, server, ask, stream, attempts } = cloud;

const MAIN = 'openai/gpt-oss-120b';

type Breaker = { key: string; model: string; state: string; reason?: string; probeInMs?: number };

async function breakerOf(model: string): Promise<Breaker | undefined> {
  const health = await (await fetch(`${server.url}/health`)).json();
  const { groq } = health as { groq: { breakers: Breaker[] } };
  return groq.breakers.find((breaker) => breaker.model === model);
}

/** Fails a model so often that its breaker opens. */
async function open(model: string, fault = '503'): Promise<void> {
  lab.script(model, [{ fault, times: 5 }], { afterwards: 'healthy' });
  for (let round = 0; round < 5; round++) await ask({ model });
}

test('after five faults in a row no request reaches that model, and none waits', async () => {
  await open('m-open');
  expect(attempts('m-open')).toHaveLength(5);
  for (const send of [ask, stream]) {
    const answer = await send({ model: 'm-open' });
    expect(answer.headers.get('x-fallback-trail')).toBe(`groq/m-open:breaker_open, groq/${MAIN}`);
  }
  expect(attempts('m-open')).toHaveLength(5);
  expect(await breakerOf('m-open')).toMatchObject({ state: 'open', reason: '503', key: '…ults' });
});

test('a breaker concerns its own model alone', async () => {
  await open('m-alone');
  const answer = await ask({ model: MAIN });
  expect(answer.headers.get('x-fallback-trail')).toBeNull();
});

test('of many requests after the pause one single probe goes through', async () => {
  const model = 'm-probe';
  lab.script(model, [
    { fault: '503', times: 5 },
    { fault: 'late', ms: 2500 },
  ]);
  for (let round = 0; round < 5; round++) await ask({ model });
  await expect.poll(async () => (await breakerOf(model))?.probeInMs, { interval: 20 }).toBe(0);
  const answers = await Promise.all(Array.from({ length: 10 }, () => ask({ model })));
  expect(attempts(model)).toHaveLength(6);
  const [served, passedBy] = [`groq/${model}`, `groq/${MAIN}`].map(
    (name) => answers.filter(({ headers }) => headers.get('x-served-by') === name).length,
  );
  expect([served, passedBy]).toEqual([1, 9]);
  // A healthy breaker of a model that nobody configured is not shown.
  expect(await breakerOf(model)).toBeUndefined();
});

test('a probe that hangs does not hold up the return to a provider that has recovered', async () => {
  const model = 'm-hang';
  lab.script(
    model,
    [
      { fault: '503', times: 5 },
      { fault: 'late', ms: 3500 },
    ],
    {
      afterwards: 'healthy',
    },
  );
  for (let round = 0; round < 5; round++) await ask({ model });
  await expect.poll(async () => (await breakerOf(model))?.probeInMs, { interval: 20 }).toBe(0);
  let hasHungProbeEnded = false;
  const hung = ask({ model }).finally(() => {
    hasHungProbeEnded = true;
  });
  await lab.until(() => attempts(model).length === 6);
  const served = async () => (await ask({ model })).headers.get('x-served-by');
  await expect.poll(served, { interval: 50, timeout: 3000 }).toBe(`groq/${model}`);
  expect(hasHungProbeEnded).toBe(false);
  expect(attempts(model)).toHaveLength(7);
  await hung;
});

test('the late success of an older request does not close a breaker', async () => {
  const model = 'm-late';
  lab.script(model, [{ fault: 'late', ms: 1500 }, '503']);
  const late = ask({ model });
  await lab.until(() => attempts(model).length === 1);
  for (let round = 0; round < 5; round++) await ask({ model });
  expect((await breakerOf(model))?.state).toBe('open');
  expect((await late).headers.get('x-served-by')).toBe(`groq/${model}`);
  expect((await breakerOf(model))?.state).toBe('open');
});

test('a failed probe opens the breaker for another pause', async () => {
  const model = 'm-again';
  lab.script(model, [{ fault: '503', times: 6 }], { afterwards: 'healthy' });
  for (let round = 0; round < 5; round++) await ask({ model });
  await expect.poll(async () => (await breakerOf(model))?.probeInMs, { interval: 20 }).toBe(0);
  await ask({ model });
  expect((await breakerOf(model))?.probeInMs).toBeGreaterThan(0);
  const [fifth, sixth] = attempts(model).slice(4);
  expect((sixth?.arrivedAtMs ?? 0) - (fifth?.lastByteAtMs ?? 0)).toBeGreaterThanOrEqual(PROBE_MS);
});

test('down for a while under steady traffic: all answered, few probes, back within one interval', async () => {
  const model = 'm-outage';
  const downMs = 2000;
  lab.script(model, [{ fault: 'down', times: 1_000_000, ms: downMs }]);
  const servedBy: (string | null)[] = [];
  let isBack = false;
  while (!isBack) {
    const answer = await ask({ model });
    expect(said(answer)).toBe(lab.expected(PROMPT));
    servedBy.push(answer.headers.get('x-served-by'));
    isBack = servedBy.at(-1) === `groq/${model}`;
  }
  const all = attempts(model);
  const sinceStartMs = (all.at(-1)?.arrivedAtMs ?? 0) - (all[0]?.arrivedAtMs ?? 0);
  expect(all.length - 5).toBeLessThanOrEqual(downMs / PROBE_MS + 2);
  expect(sinceStartMs).toBeGreaterThanOrEqual(downMs);
  expect(sinceStartMs).toBeLessThan(downMs + PROBE_MS + 900);
  expect(servedBy.length).toBeGreaterThan(8);
});

test.for(['bad-request', 'policy', '429-bare', '401', '498', '408', 'context'])(
  '%s never opens a breaker',
  async (fault) => {
    const model = `m-${fault}`;
    lab.script(model, [{ fault, times: 12 }], { afterwards: 'healthy' });
    for (let round = 0; round < 12; round++) await ask({ models: [model, MAIN] });
    const answer = await ask({ model });
    expect(attempts(model)).toHaveLength(13);
    expect(completion(answer).model).toBe(model);
  },
);

test.for(['502', '504', 'reset', 'html', 'silent', 'cut'])(
  'five times %s in a row opens a breaker',
  async (fault) => {
    const model = `m-fault-${fault}`;
    lab.script(model, [fault]);
    // A whole answer would be waited for too long; a stream has begun when it is cut.
    const send = fault === 'silent' ? stream : ask;
    for (let round = 0; round < 5; round++) await send({ model });
    expect((await breakerOf(model))?.state).toBe('open');
  },
);

test('streams that break in the middle open the breaker as well', async () => {
  const model = 'm-broken-streams';
  lab.script(model, ['cut-clean']);
  for (let round = 0; round < 5; round++) await stream({ model });
  expect((await breakerOf(model))?.state).toBe('open');
});
