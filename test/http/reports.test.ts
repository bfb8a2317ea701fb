import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { modelsReportSchema } from '../../src/http/reports/models-schema.ts';
import { rateLimitsSchema } from '../../src/http/reports/rate-limits-schema.ts';
import { usageReportSchema } from '../../src/http/reports/usage-schema.ts';
import { labAndServers, MODEL, SMALL } from '../usage/server.ts';

const { lab, boot, stop } = await labAndServers({ limits: { rpd: 1_000, tpm: 8_000 } });
const { ask, get, server } = await boot({
  GROQ_PRICES: 'openai/gpt-oss-20b=1/2/0.5',
  MODEL_ALIASES: 'fast=openai/gpt-oss-20b',
});
afterAll(stop);

test.for(['/api/usage', '/api/usage.csv', '/api/rate-limits', '/api/models'])(
  '%s wants the client key',
  async (path) => {
    expect((await fetch(server.url + path)).status).toBe(401);
    const answer = await get(path);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('cache-control')).toBe('no-store');
  },
);

test.for([
  ['usage', usageReportSchema],
  ['rate limits', rateLimitsSchema],
  ['models', modelsReportSchema],
] as const)('the answer on %s has a JSON schema', ([, schema]) => {
  const { type, properties } = z.toJSONSchema(schema);
  expect(type).toBe('object');
  expect(Object.keys(properties ?? {}).length).toBeGreaterThan(0);
});

test('limits are learnt from the headers of any upstream, and shown with their source', async () => {
  await (await ask({ model: MODEL, max_tokens: 10 })).text();
  const text = await (await get('/api/rate-limits')).text();
  expect(text).not.toContain('gsk_');
  const { models } = rateLimitsSchema.parse(JSON.parse(text));
  const windows = models.find(({ model }) => model === MODEL)?.windows;
  expect(windows).toMatchObject([
    { window: 'rpm', limit: null, remaining: null },
    { window: 'rpd', limit: 1_000, used: 1, remaining: 999, source: 'provider' },
    { window: 'tpm', limit: 8_000, source: 'provider' },
    { window: 'tpd', limit: null },
  ]);
});

test('models come with limits, prices, health and their other names', async () => {
  const { data } = modelsReportSchema.parse(await (await get('/api/models')).json());
  expect(data.find(({ id }) => id === SMALL)).toMatchObject({
    price: { input: 1, output: 2, cached_input: 0.5 },
    aliases: expect.arrayContaining(['fast', 'gpt-4o-mini']),
    health: 'ok',
  });
  expect(data.find(({ id }) => id === MODEL)).toMatchObject({
    limits: { rpm: null, rpd: 1_000, tpm: 8_000, tpd: null },
    price: { input: 0.15, output: 0.6 },
  });
});

test('after a diskless nap the day is rebuilt from the headers', async () => {
  const body = { model: SMALL, max_tokens: 10 };
  for (let count = 0; count < 3; count++) await (await ask(body)).text();
  // Another process, another disk, the same key at the provider.
  const other = await boot({ DATA_DIR: `${server.dataDir}-other` });
  await (await other.ask(body)).text();
  const { models } = rateLimitsSchema.parse(await (await other.get('/api/rate-limits')).json());
  const windows = models.find(({ model }) => model === SMALL)?.windows;
  expect(windows?.find(({ window }) => window === 'rpd')).toMatchObject({ used: 4 });
  await other.server.stop();
  lab.reset();
});
