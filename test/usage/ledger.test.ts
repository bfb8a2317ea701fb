import { readFile, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, expect, test } from 'vitest';
import { type Booted, eventually, labAndServers, MODEL, SMALL } from './server.ts';

const { lab, dataDir, boot, stop } = await labAndServers();
afterAll(stop);

type Told = { usage: { prompt_tokens: number; completion_tokens: number; total_tokens: number } };

test('a ledger of whole, streamed, failed and refused requests, with exact sums', async () => {
  const { ask, usage, server } = await boot({ LOG_LEVEL: 'info' });
  const whole = (await (await ask({ model: MODEL })).json()) as Told;
  await (await ask({ model: SMALL, stream: true })).text();
  lab.script(MODEL, ['500-twice', '500-once', 'healthy']);
  const fallback = await ask({ model: MODEL });
  await fallback.text();
  await (await ask({ messages: 'nonsense' })).text();
  const report = await eventually(usage, ({ total }) => total.requests === 4);

  const { prompt_tokens: prompt, completion_tokens: completion } = whole.usage;
  expect(report.recent).toHaveLength(4);
  const [refused, third, second, first] = report.recent;
  expect(first).toMatchObject({
    route: expect.stringContaining('chat/completions'),
    model: MODEL,
    served_by: `groq/${MODEL}`,
    outcome: 'ok',
    prompt_tokens: prompt,
    completion_tokens: completion,
    estimated: false,
    cost: (prompt * 150 + completion * 600) / 1e9,
  });
  expect(first?.first_token_ms).toBeGreaterThan(0);
  expect(first?.latency_ms).toBeGreaterThanOrEqual(first?.first_token_ms ?? 0);
  expect(second).toMatchObject({ model: SMALL, outcome: 'ok', completion_tokens: completion });
  expect(third).toMatchObject({
    served_by: `groq/${SMALL}`,
    trail: `groq/${MODEL}:500, groq/${SMALL}`,
  });
  expect(refused).toMatchObject({ outcome: 'refused', status: 400, served_by: null, cost: 0 });

  expect(report.by_outcome).toMatchObject({ ok: { requests: 3 }, refused: { requests: 1 } });
  expect(report.by_model[MODEL]).toMatchObject({ requests: 1, attempts: 4, failed_attempts: 3 });
  expect(report.by_model[SMALL]).toMatchObject({ requests: 2, attempts: 2, failed_attempts: 0 });
  expect(report.total).toMatchObject({
    requests: 4,
    attempts: 6,
    prompt_tokens: prompt * 3,
    completion_tokens: completion * 3,
  });
  expect(Object.keys(report.by_day)).toEqual([new Date().toISOString().slice(0, 10)]);
  await server.stop();
  const text = await readFile(join(dataDir, 'usage.json'), 'utf8');
  expect(text).not.toContain('deep secret');
  expect(text).not.toContain('gsk_');
  expect(text).not.toContain('sk-');
  expect((await stat(join(dataDir, 'usage.json'))).mode & 0o777).toBe(0o600);
});

test('a model’s failures are its own, even before it ever answered; invented names are other', async () => {
  const { ask, usage, server } = await boot({ DATA_DIR: `${dataDir}-failures` });
  lab.script(MODEL, ['500']);
  await (await ask({ model: MODEL })).text();
  const invented = ['somebody/made-this-up', 'local/made-this-up'];
  for (const model of invented) await (await ask({ model }, { 'x-fallback': 'off' })).text();
  const { by_model } = await eventually(usage, ({ total }) => total.requests === 3);
  lab.reset();
  expect(by_model[MODEL]).toMatchObject({ requests: 0, attempts: 3, failed_attempts: 3 });
  expect(by_model[SMALL]).toMatchObject({ requests: 1, attempts: 1, failed_attempts: 0 });
  expect(by_model['other']).toMatchObject({ attempts: 2, failed_attempts: 2 });
  for (const model of invented) expect(by_model).not.toHaveProperty(model);
  await server.stop();
});

test('what a caller left behind is counted, marked as estimated', async () => {
  const { ask, usage, server } = await boot();
  lab.script(SMALL, ['stall:tokens=5,ms=60000']);
  const before = (await usage()).by_outcome.hung_up?.requests ?? 0;
  const caller = new AbortController();
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': await server.key(), 'content-type': 'application/json' },
    body: JSON.stringify({
      model: SMALL,
      stream: true,
      messages: [{ role: 'user', content: 'Left behind.' }],
    }),
    signal: caller.signal,
  });
  await answer.body?.getReader().read();
  caller.abort();
  const report = await eventually(
    usage,
    ({ by_outcome }) => by_outcome.hung_up?.requests === before + 1,
  );
  lab.reset();
  expect(report.recent[0]).toMatchObject({ outcome: 'hung_up', estimated: true });
  expect(report.recent[0]?.completion_tokens).toBeGreaterThan(0);
  expect((await ask({})).status).toBe(200);
  await server.stop();
});

test('what came of a response that breaks off is counted, and so are its instructions', async () => {
  const { ask, usage, server } = await boot();
  const body = { model: 'lab/cut:tokens=12', messages: undefined, stream: true };
  const question = { input: 'Hi', instructions: 'Speak of the harbour. '.repeat(20) };
  await (await ask({ ...body, ...question }, {}, '/v1/responses')).text();
  const [row] = (await usage()).recent;
  expect(row).toMatchObject({ route: '/v1/responses', outcome: 'broken', estimated: true });
  expect(row?.completion_tokens).toBeGreaterThanOrEqual(8);
  expect(row?.prompt_tokens).toBeGreaterThan(80);
  await server.stop();
});

test('a burst of requests leaves exact sums, over a restart as well', async () => {
  const { ask, usage, server } = await boot({ MAX_CONCURRENT: '400' });
  const before = await usage();
  const told = { prompt: 0, completion: 0, ok: 0, other: 0 };
  const one = async () => {
    const answer = await ask({ model: SMALL, max_tokens: 3 }, { 'x-fallback': 'off' });
    const body = (await answer.json()) as Told;
    if (answer.status !== 200) told.other += 1;
    else {
      told.ok += 1;
      told.prompt += body.usage.prompt_tokens;
      told.completion += body.usage.completion_tokens;
    }
  };
  const line = async () => {
    for (let count = 0; count < 10; count++) await one();
  };
  await Promise.all(Array.from({ length: 100 }, line));
  const sum = before.total.requests + 1_000;
  const after = await eventually(usage, ({ total }) => total.requests === sum);
  expect(told.ok + told.other).toBe(1_000);
  expect(after.total.prompt_tokens - before.total.prompt_tokens).toBe(told.prompt);
  expect(after.total.completion_tokens - before.total.completion_tokens).toBe(told.completion);
  const nanos = (dollars: number) => Math.round(dollars * 1e9);
  expect(nanos(after.total.cost) - nanos(before.total.cost)).toBe(
    told.prompt * 75 + told.completion * 300,
  );
  const outcomes = Object.values(after.by_outcome);
  expect(outcomes.reduce((all, { requests }) => all + requests, 0)).toBe(sum);
  expect(after.recent).toHaveLength(1_000);
  await server.stop();
  const again = await boot();
  expect((await again.usage()).total).toEqual(after.total);
  await again.server.stop();
}, 60_000);

test('a SIGKILL loses at most the last second, and leaves a whole file', async () => {
  const { ask, usage, server } = await boot();
  const before = (await usage()).total.requests;
  await Promise.all(Array.from({ length: 10 }, async () => (await ask()).text()));
  await new Promise((resolve) => setTimeout(resolve, 1_000));
  const inFlight = Array.from({ length: 10 }, () => ask().catch(() => undefined));
  await Promise.any(inFlight);
  await server.stop('SIGKILL');
  await Promise.all(inFlight);
  const again: Booted = await boot();
  const after = (await again.usage()).total.requests;
  expect(after).toBeGreaterThanOrEqual(before + 10);
  expect(after).toBeLessThanOrEqual(before + 20);
  await again.server.stop();
});

test('the recent requests come as CSV that no spreadsheet takes for a formula', async () => {
  const { ask, get, usage, server } = await boot();
  const before = (await usage()).total.requests;
  const formulas = ['=1+1', '+1', '-1', '@SUM(1)', '=cmd|/C', '"=1', '\t=1', '=1,"2'];
  for (const model of formulas) await (await ask({ model })).text();
  await eventually(usage, ({ total }) => total.requests === before + formulas.length);
  const answer = await get('/api/usage.csv');
  expect(answer.headers.get('content-type')).toBe('text/csv; charset=utf-8');
  const lines = (await answer.text()).trimEnd().split('\r\n');
  expect(lines[0]).toMatch(/^time,route,model,served_by,trail,/);
  const models = lines.slice(-formulas.length).map((line) => line.split(',')[2]);
  expect(models.slice(0, 3)).toEqual(["'=1+1", "'+1", "'-1"]);
  for (const line of lines) {
    for (const cell of line.split(',')) expect(cell).not.toMatch(/^"?[=+\-@\t\r]/);
  }
  await server.stop();
});
