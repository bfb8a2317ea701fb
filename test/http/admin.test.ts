import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { adminReportSchema, doctorReportSchema } from '../../src/http/reports/admin-schema.ts';
import { startCloud } from '../support/cloud.ts';

const { server, stop } = await startCloud({
  ROTATION_WEBHOOK_URL: 'http://127.0.0.1:9/hook?token=secret',
  METRICS_TOKEN: 'the-token-of-the-metrics',
  TRUST_PROXY: '1',
});
afterAll(stop);

function get(path: string, headers: Record<string, string> = {}) {
  return fetch(server.url + path, { headers: { 'admin-secret': server.adminSecret, ...headers } });
}

async function report() {
  const answer = await get('/api/admin');
  expect(answer.headers.get('cache-control')).toBe('no-store');
  return adminReportSchema.parse(await answer.json());
}

test.for(['/api/admin', '/api/admin/doctor'])('%s wants the admin secret', async (path) => {
  expect((await fetch(server.url + path)).status).toBe(401);
  const headers = { 'x-api-key': await server.key() };
  expect((await fetch(server.url + path, { headers })).status).toBe(401);
  expect((await get(path, { 'x-forwarded-for': '192.0.2.1' })).status).toBe(200);
});

test.for([
  ['admin', adminReportSchema],
  ['doctor', doctorReportSchema],
] as const)('the answer on %s has a JSON schema', ([, schema]) => {
  expect(Object.keys(z.toJSONSchema(schema).properties ?? {}).length).toBeGreaterThan(0);
});

test('the key comes as /current-key gives it, the webhook without its address', async () => {
  const { key, webhook } = await report();
  const issued = (await (await get('/current-key')).json()) as object;
  expect(key).toMatchObject({ ...issued, seconds_left: expect.any(Number), mode: 'stored' });
  expect(webhook).toMatchObject({ host: '127.0.0.1:9', status: 'idle' });
  expect(JSON.stringify(webhook)).not.toContain('secret');
});

test('wrong keys and secrets are counted by caller, without an address', async () => {
  const before = (await report()).failed_sign_ins.total;
  const from = (address: string) => ({ 'x-forwarded-for': address });
  for (let guess = 0; guess < 2; guess++) {
    await fetch(`${server.url}/v1/models`, {
      headers: { 'x-api-key': 'sk-wrong', ...from('198.51.100.7') },
    });
  }
  await get('/current-key', { 'admin-secret': 'wrong', ...from('2001:db8::1') });
  await get('/current-key', { 'admin-secret': 'wrong', ...from('2001:db8::2') });
  await fetch(`${server.url}/metrics`, {
    headers: { authorization: 'Bearer wrong', ...from('198.51.100.7') },
  });
  const answer = await get('/api/admin');
  const text = await answer.text();
  expect(text).not.toContain('198.51.100');
  expect(text).not.toContain('2001:db8');
  const { total, callers } = adminReportSchema.parse(JSON.parse(text)).failed_sign_ins;
  expect(total).toEqual({
    client_key: before.client_key + 2,
    admin_secret: before.admin_secret + 2,
    metrics_token: before.metrics_token + 1,
  });
  expect(callers.slice(0, 3)).toMatchObject([
    { what: 'metrics_token', count: 1 },
    { what: 'admin_secret', count: 2 },
    { what: 'client_key', count: 2 },
  ]);
  expect(callers[0]?.caller).toBe(callers[2]?.caller);
  await expect.poll(server.output).toContain(`"caller":"${callers[0]?.caller}"`);
});

test('no crowd of addresses fills the memory', async () => {
  for (let address = 0; address < 120; address++) {
    const headers = { 'x-api-key': 'sk-wrong', 'x-forwarded-for': `203.0.113.${address}` };
    await fetch(`${server.url}/v1/models`, { headers });
  }
  const { callers, total } = (await report()).failed_sign_ins;
  expect(callers).toHaveLength(100);
  expect(total.client_key).toBeGreaterThanOrEqual(120);
});

test('the doctor looks at everything that the server needs, and shows no whole key', async () => {
  const answer = await get('/api/admin/doctor');
  const text = await answer.text();
  const { findings } = doctorReportSchema.parse(JSON.parse(text));
  const kinds = Object.fromEntries(findings.map(({ about, kind }) => [about.split(' ')[0], kind]));
  expect(kinds).toMatchObject({ node: 'fine', settings: 'fine', store: 'fine', local: 'fine' });
  expect(Object.keys(kinds)).toEqual(expect.arrayContaining(['groq', 'models', 'clock', 'memory']));
  expect(text).not.toContain('gsk_test_of_the_faults');
  expect(text).not.toContain(await server.key());
});
