import { afterAll, expect, test } from 'vitest';
import { z } from 'zod';
import { type LiveUpdate, liveReportSchema } from '../../src/http/reports/live-schema.ts';
import { startCloud } from '../support/cloud.ts';
import { lookOn, type Onlooker } from '../support/live.ts';

const MODEL = 'openai/gpt-oss-120b';
const SMALL = 'openai/gpt-oss-20b';

const { lab, server, ask, stream, stop } = await startCloud({ SHUTDOWN_GRACE_MS: '20000' });
const key = await server.key();
afterAll(stop);

/** The first thing told that fits; the test's own time limit ends the waiting. */
async function told(onlooker: Onlooker, fits: (data: LiveUpdate) => boolean): Promise<LiveUpdate> {
  for (;;) {
    const event = await onlooker.next();
    if (!event || event.name === 'end') throw new Error('the feed has ended');
    if (fits(event.data)) return event.data;
  }
}

test('the feed wants the client key, in a header', async () => {
  expect((await fetch(`${server.url}/api/live`)).status).toBe(401);
  expect((await fetch(`${server.url}/api/live?key=${key}&x-api-key=${key}`)).status).toBe(401);
});

test('HEAD gets the head and no feed', async () => {
  const headers = { 'x-api-key': key };
  const answer = await fetch(`${server.url}/api/live`, { method: 'HEAD', headers });
  expect([answer.status, await answer.text()]).toEqual([200, '']);
});

test('its snapshot has a JSON schema', () => {
  const { type, properties } = z.toJSONSchema(liveReportSchema);
  expect(type).toBe('object');
  expect(Object.keys(properties ?? {})).toContain('minutes');
});

test('first comes everything, then within seconds what has happened since', async () => {
  await ask({ model: MODEL });
  const onlooker = await lookOn(server.url, key);
  expect(onlooker.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
  expect(onlooker.headers.get('cache-control')).toBe('no-store');
  const first = await onlooker.next();
  if (first?.name !== 'snapshot') throw new Error('no snapshot');
  expect(first.data).toMatchObject({
    health: { status: 'ok', groq: { configured: true }, store: { status: 'ok' } },
    ready: { isReady: true, by: 'groq' },
    usage: { total: { requests: 1 } },
    minutes: [{ requests: 1, failures: 0, served: { [MODEL]: 1 } }],
    days: [{ requests: 1, mean_first_token_ms: expect.any(Number) }],
    recent: [{ model: MODEL, served_by: `groq/${MODEL}` }],
    incidents: [],
  });
  const sinceMs = performance.now();
  await ask({ model: SMALL }, { headers: { 'x-request-id': 'the-second' } });
  const news = await told(onlooker, ({ recent }) => recent !== undefined);
  expect(performance.now() - sinceMs).toBeLessThan(10_000);
  expect(news).toMatchObject({
    recent: [{ id: 'the-second', model: SMALL }],
    usage: { total: { requests: 2 } },
    days: [{ requests: 2 }],
  });
  expect(news.recent).toHaveLength(1);
  const minute = news.minutes?.at(-1);
  expect(minute?.latency_ms?.p95).toBeGreaterThan(0);
  onlooker.leave();
});

test('who comes later is told nothing twice', async () => {
  const first = await lookOn(server.url, key);
  await first.next();
  await ask({}, { headers: { 'x-request-id': 'told-once' } });
  const second = await lookOn(server.url, key);
  const snapshot = await second.next();
  expect(JSON.stringify(snapshot)).toContain('told-once');
  await ask({}, { headers: { 'x-request-id': 'told-next' } });
  const news = await told(second, ({ recent }) => recent !== undefined);
  expect(news.recent?.map(({ id }) => id)).toEqual(['told-next']);
  const heard = await told(
    first,
    ({ recent }) => recent?.some(({ id }) => id === 'told-once') ?? false,
  );
  expect(heard.recent).toHaveLength(1);
  first.leave();
  second.leave();
});

test('fallbacks, rescues and breakers are told as they happen', async () => {
  const onlooker = await lookOn(server.url, key);
  await onlooker.next();
  lab.script(MODEL, ['503-forever']);
  await ask({ model: MODEL });
  const fallback = await told(onlooker, ({ incidents }) => incidents !== undefined);
  expect(fallback.incidents).toMatchObject([
    { kind: 'fallback', model: MODEL, detail: `groq/${MODEL}:503, groq/${SMALL}` },
  ]);
  await ask({ model: MODEL });
  const opened = await told(onlooker, ({ incidents }) => incidents?.[0]?.kind === 'breaker_open');
  expect(opened.incidents?.[0]).toMatchObject({ model: MODEL, detail: '503' });
  expect(JSON.stringify(opened.health)).toContain('"state":"open"');
  lab.reset();
  lab.script(SMALL, ['cut:tokens=5', 'healthy']);
  await stream({ model: SMALL });
  const rescue = await told(
    onlooker,
    ({ incidents }) => incidents?.some(({ kind }) => kind === 'rescue') ?? false,
  );
  expect(rescue.recent?.[0]).toMatchObject({ rescue: 'rescued', outcome: 'ok' });
  lab.reset();
  onlooker.leave();
});

test('there is room for a hundred, and whoever leaves makes room', async () => {
  const all = await Promise.all(Array.from({ length: 100 }, () => lookOn(server.url, key)));
  expect(all.map(({ status }) => status)).toEqual(all.map(() => 200));
  const refused = await fetch(`${server.url}/api/live`, { headers: { 'x-api-key': key } });
  expect(refused.status).toBe(503);
  expect(refused.headers.get('retry-after')).toBe('5');
  expect(await refused.json()).toMatchObject({ error: { code: 'too_many_listeners' } });
  for (const each of all) each.leave();
  for (;;) {
    const again = await lookOn(server.url, key);
    again.leave();
    if (again.status === 200) break;
  }
});

test('the turn of the key ends the feed, and the old key opens no other', async () => {
  const onlooker = await lookOn(server.url, key);
  await onlooker.next();
  const headers = { 'admin-secret': server.adminSecret };
  await fetch(`${server.url}/rotate-key`, { method: 'POST', headers });
  for (;;) {
    const event = await onlooker.next();
    if (event?.name !== 'end') continue;
    expect(event.data).toEqual({ reason: 'key_turned' });
    break;
  }
  expect(await onlooker.next()).toBeUndefined();
  expect((await lookOn(server.url, key)).status).toBe(401);
});

test('the server does not wait for onlookers when it ends', async () => {
  const onlooker = await lookOn(server.url, await server.key());
  await onlooker.next();
  const sinceMs = performance.now();
  expect(await server.stop()).toBe(0);
  expect(performance.now() - sinceMs).toBeLessThan(10_000);
  expect(await onlooker.next()).toMatchObject({ data: { reason: 'shutting_down' } });
});
