import { createHmac } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSecureServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { keyTurns, turnNotices } from '../../src/compose/turn-notices.ts';
import { ANSWERS } from '../../src/http/openapi/answers.ts';
import type { KeyState } from '../../src/keys/key-state.ts';
import { webhook } from '../../src/ops/webhook.ts';
import { memoryStore } from '../../src/store/memory-store.ts';
import { selfSigned } from '../support/certificate.ts';
import { DAY, fakeClock, HOUR, WEEK } from '../support/fake-clock.ts';
import { startServer } from '../support/server.ts';

type Letter = { headers: Record<string, unknown>; body: string };
const letters: Letter[] = [];
const statuses: number[] = [];
const receiver = createServer((request, response) => {
  let body = '';
  request.on('data', (part) => {
    body += part;
  });
  request.on('end', () => {
    letters.push({ headers: request.headers, body });
    response.writeHead(statuses.shift() ?? 204).end();
  });
});
await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/hook?token=secret-in-it`;
afterAll(() => receiver.close());

beforeEach(() => {
  letters.length = 0;
  statuses.length = 0;
});

/** For a busy machine. */
const SOON = { timeout: 10_000 };

const EVENT = { type: 'key.turned', keyId: 'abc', createdAt: 0, expiresAt: 1 } as const;

function isSigned({ headers, body }: Letter, secret: string): boolean {
  const text = `${headers['x-keyturn-timestamp']}.${body}`;
  const digest = createHmac('sha256', secret).update(text).digest('hex');
  return headers['x-keyturn-signature'] === `sha256=${digest}`;
}

test('an event is signed, and tried again with growing pauses until it is taken', async () => {
  statuses.push(500, 302);
  const pauses: number[] = [];
  const clock = { ...fakeClock(), sleep: async (ms: number) => void pauses.push(ms) };
  const hook = webhook({ url, secret: 's3cret', clock, onFailed: () => expect.unreachable() });
  hook.send(EVENT);
  await expect.poll(() => hook.state().status, SOON).toBe('delivered');
  expect(letters).toHaveLength(3);
  expect(letters.every((letter) => isSigned(letter, 's3cret'))).toBe(true);
  expect(new Set(letters.map(({ body }) => JSON.parse(body).id)).size).toBe(1);
  expect(pauses).toEqual([1_000, 4_000]);
  await hook.close();
});

test('what can’t be delivered is given up and reported, without the address', async () => {
  statuses.push(...Array.from({ length: 6 }, () => 500));
  const failed: unknown[] = [];
  const onFailed = (error: unknown) => void failed.push(error);
  const hook = webhook({ url, secret: 's', clock: fakeClock(), onFailed });
  hook.send(EVENT);
  await expect.poll(() => failed.length, SOON).toBe(1);
  expect(hook.state()).toMatchObject({ status: 'failed', attempts: 6, last_delivery: null });
  expect(JSON.stringify(hook.state())).not.toContain('secret-in-it');
  await hook.close();
});

test('of more events than may wait the newest are told, and the others reported', async () => {
  statuses.push(500);
  const failed: unknown[] = [];
  const onFailed = (error: unknown) => void failed.push(error);
  const hook = webhook({ url, secret: 's', clock: fakeClock(), onFailed });
  for (let turn = 1; turn <= 15; turn++) hook.send({ ...EVENT, keyId: `turn-${turn}` });
  await expect.poll(() => letters.at(-1)?.body ?? '', SOON).toContain('turned-turn-15');
  expect(letters.map(({ body }) => JSON.parse(body).key_id)).toEqual([
    ...['turn-1', 'turn-1'],
    ...Array.from({ length: 10 }, (_, index) => `turn-${index + 6}`),
  ]);
  expect(failed).toHaveLength(4);
  await hook.close();
});

test('a turn is told with the key’s id, never with the key over plain http', async () => {
  const server = await startServer({
    ROTATION_WEBHOOK_URL: url,
    ROTATION_WEBHOOK_SECRET: 'of-the-hook',
    ROTATION_WEBHOOK_INCLUDE_KEY: 'true',
  });
  await fetch(`${server.url}/rotate-key`, {
    method: 'POST',
    headers: { 'admin-secret': server.adminSecret },
  });
  await expect.poll(() => letters.length, SOON).toBe(1);
  const [letter] = letters;
  const key = await server.key();
  expect(letter && isSigned(letter, 'of-the-hook')).toBe(true);
  expect(letter?.body).not.toContain(key);
  const health = (await (await fetch(`${server.url}/health`)).json()) as {
    key: { key_id: string };
    webhook: object;
  };
  expect(ANSWERS.TurnNotice.parse(JSON.parse(letter?.body ?? '{}'))).toMatchObject({
    type: 'key.turned',
    key_id: health.key.key_id,
  });
  expect(health.webhook).toMatchObject({ status: 'delivered', last_event: 'key.turned' });
  await server.stop();
});

test.for([
  ['true', true],
  ['false', false],
] as const)('over https the key goes along where INCLUDE_KEY=%s says so', async (given) => {
  const [includeKey, isIncluded] = given;
  const { cert, key } = selfSigned();
  const folder = await mkdtemp(join(tmpdir(), 'keyturn-tls-'));
  const trusted = join(folder, 'cert.pem');
  await writeFile(trusted, cert);
  const taken: Letter[] = [];
  const secure = createSecureServer({ cert, key }, (request, response) => {
    let body = '';
    request.on('data', (part) => {
      body += part;
    });
    request.on('end', () => {
      taken.push({ headers: request.headers, body });
      response.end();
    });
  });
  await new Promise<void>((resolve) => secure.listen(0, 'localhost', resolve));
  const server = await startServer({
    ROTATION_WEBHOOK_URL: `https://localhost:${(secure.address() as AddressInfo).port}/`,
    ROTATION_WEBHOOK_INCLUDE_KEY: includeKey,
    NODE_EXTRA_CA_CERTS: trusted,
  });
  await fetch(`${server.url}/rotate-key`, {
    method: 'POST',
    headers: { 'admin-secret': server.adminSecret },
  });
  await expect.poll(() => taken.length, SOON).toBe(1);
  const [letter] = taken;
  expect(letter && isSigned(letter, server.adminSecret)).toBe(true);
  const told = JSON.parse(letter?.body ?? '{}');
  expect(told).toMatchObject({ type: 'key.turned' });
  expect(told.api_key).toBe(isIncluded ? await server.key() : undefined);
  await server.stop();
  secure.close();
  await rm(folder, { recursive: true });
});

test('a receiver whose certificate nobody vouches for gets no key', async () => {
  const taken: string[] = [];
  const secure = createSecureServer(selfSigned(), (request, response) => {
    taken.push(request.url ?? '');
    response.end();
  });
  await new Promise<void>((resolve) => secure.listen(0, 'localhost', resolve));
  const server = await startServer({
    ROTATION_WEBHOOK_URL: `https://localhost:${(secure.address() as AddressInfo).port}/`,
    ROTATION_WEBHOOK_INCLUDE_KEY: 'true',
  });
  await fetch(`${server.url}/rotate-key`, {
    method: 'POST',
    headers: { 'admin-secret': server.adminSecret },
  });
  const state = async () =>
    ((await (await fetch(`${server.url}/health`)).json()) as { webhook: object }).webhook;
  await expect
    .poll(state, SOON)
    .toMatchObject({ status: 'retrying', error: expect.stringMatching(/CERT/) });
  expect(taken).toEqual([]);
  await server.stop();
  secure.close();
});

/** Boots, waits until the webhook was told or (`idle`) shows that it has nothing to tell, and stops. */
async function life(settings: Record<string, string>, expected: string): Promise<void> {
  const server = await startServer({ ROTATION_WEBHOOK_URL: url, ...settings });
  const status = async () => {
    const { webhook } = (await (await fetch(`${server.url}/health`)).json()) as {
      webhook: { status: string };
    };
    return webhook.status;
  };
  await expect.poll(status, SOON).toBe(expected);
  await server.stop();
}

const kindsAndIds = () =>
  letters.map(({ body }) => JSON.parse(body)).map(({ type, id }) => [type, id]);

test('a derived key that turned while nobody was awake is told at the start, once a disk', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'keyturn-told-'));
  // Ten years a key, so that none ends within a day.
  const settings = { KEY_SEED: 'a seed of the tests, long enough', KEY_ROTATION_DAYS: '3650' };
  await life({ ...settings, DATA_DIR: disk }, 'delivered');
  await life({ ...settings, DATA_DIR: disk }, 'idle');
  await life(settings, 'delivered');
  expect(letters).toHaveLength(2);
  const [first, again] = kindsAndIds();
  expect(first?.[0]).toBe('key.turned');
  expect(again).toEqual(first);
  await rm(disk, { recursive: true });
});

test('the very first stored key is no turn; a turn that never arrived is told at the next start', async () => {
  const disk = await mkdtemp(join(tmpdir(), 'keyturn-told-'));
  const server = await startServer({ ROTATION_WEBHOOK_URL: url, DATA_DIR: disk });
  expect(letters).toEqual([]);
  statuses.push(500);
  await fetch(`${server.url}/rotate-key`, {
    method: 'POST',
    headers: { 'admin-secret': server.adminSecret },
  });
  await expect.poll(() => letters.length, SOON).toBe(1);
  await server.stop('SIGKILL');
  statuses.length = 0;
  await life({ DATA_DIR: disk }, 'delivered');
  await life({ DATA_DIR: disk }, 'idle');
  expect(letters).toHaveLength(2);
  const [failed, delivered] = kindsAndIds();
  expect(delivered).toEqual(failed);
  await rm(disk, { recursive: true });
});

const HALF_A_DAY = 12 * HOUR;

test.for([
  ['half a day before its end', WEEK, HALF_A_DAY, ['key.expiring']],
  ['days before its end', WEEK, 2 * DAY, []],
  ['that never lives longer than a day', DAY, HALF_A_DAY, []],
] as const)('a key %s is announced as it should be', async ([, life, left, expected]) => {
  const clock = fakeClock();
  const expiresAt = clock.now() + left;
  const times = { createdAt: expiresAt - life, expiresAt };
  const ring = {
    state: () => ({ mode: 'stored', keyId: 'abc', ...times }) as const,
    current: async () => ({ key: 'sk-abc', keyId: 'abc', secondsLeft: 1, ...times }),
  };
  const turns = keyTurns();
  const notices = await turnNotices({
    settings: { url, includeKey: false },
    adminSecret: 'the admin secret',
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    store: memoryStore<KeyState>(),
    ...{ ring, turns, clock },
  });
  turns.emit();
  // Events are told in order, so the turn comes last.
  await expect.poll(() => letters.some(({ body }) => body.includes('key.turned')), SOON).toBe(true);
  expect(letters.map(({ body }) => JSON.parse(body).type)).toEqual([...expected, 'key.turned']);
  expect(letters.every((letter) => isSigned(letter, 'the admin secret'))).toBe(true);
  await notices.close();
});
