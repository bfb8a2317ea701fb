import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { hear, requestBytes } from './caller.ts';
import { test } from './fixture.ts';
import { question, streamed } from './questions.ts';

const post = (lab: { url: string }, body: unknown, signal: AbortSignal) =>
  fetch(`${lab.url}/chat/completions`, {
    ...{ method: 'POST', body: JSON.stringify(body), signal },
    headers: { authorization: 'Bearer gsk_test', 'content-type': 'application/json' },
  });

test('an attempt tells what came, what was done and when', async ({ lab }) => {
  const body = streamed('openai/gpt-oss-120b', { temperature: 0.5 });
  const before = performance.timeOrigin + performance.now();
  await hear({ url: lab.url, body, key: 'gsk_abc' });
  const [attempt] = lab.attempts;
  expect(attempt).toMatchObject({
    ...{ method: 'POST', route: '/chat/completions', model: 'openai/gpt-oss-120b', body },
    ...{ key: 'gsk_abc', step: 'healthy', status: 200, end: 'answered' },
  });
  expect(attempt?.headers.authorization).toBe('Bearer gsk_abc');
  expect(attempt?.rawBody.toString()).toBe(JSON.stringify(body));
  const hash = createHash('sha256').update(JSON.stringify(body)).digest('hex');
  expect(attempt?.bodySha256).toBe(hash);
  const times = [
    ...[before, attempt?.arrivedAtMs, attempt?.readAtMs, attempt?.firstByteAtMs],
    ...[attempt?.lastByteAtMs, attempt?.finishedAtMs],
  ].map(Number);
  expect(times.every((time) => time > 1e12)).toBe(true);
  expect([...times].sort((one, other) => one - other)).toEqual(times);
});

test('a hang-up before the headers is seen at once', async ({ lab }) => {
  const caller = new AbortController();
  const gone = post(lab, streamed('lab/silent'), caller.signal).catch(() => 'aborted');
  await lab.until(([attempt]) => attempt !== undefined);
  const leftAtMs = performance.timeOrigin + performance.now();
  caller.abort();
  expect(await gone).toBe('aborted');
  await lab.until(([attempt]) => attempt?.end === 'hung-up');
  expect(lab.attempts[0]?.firstByteAtMs).toBeUndefined();
  expect((lab.attempts[0]?.finishedAtMs ?? 0) - leftAtMs).toBeLessThan(100);
});

test('a hang-up in mid-stream ends the attempt and frees the socket', async ({ lab }) => {
  const caller = new AbortController();
  await post(lab, streamed('lab/slow:gap=5,answerTokens=9999'), caller.signal);
  await lab.until(([attempt]) => (attempt?.bytesSent ?? 0) > 2000);
  expect(lab.openSockets()).toBe(1);
  caller.abort();
  await lab.until(([attempt]) => attempt?.end === 'hung-up');
  expect(lab.attempts[0]?.bytesSent).toBeLessThan(100_000);
  while (lab.openSockets() > 0) await new Promise(setImmediate);
});

test('a slow reader holds the lab back instead of filling its memory', async ({ lab }) => {
  const { connect } = await import('node:net');
  const { hostname, port } = new URL(lab.url);
  const socket = connect(Number(port), hostname);
  const messages = [{ role: 'user', content: '[tokens=100000]' }];
  socket.pause();
  socket.write(requestBytes({ url: lab.url, body: { ...streamed('lab/healthy'), messages } }));
  const sent = () => lab.attempts[0]?.bytesSent ?? 0;
  let [last, stood] = [0, 0];
  await lab.until(() => sent() > 0);
  while (stood < 40) {
    await new Promise((later) => setTimeout(later, 5));
    stood = sent() === last ? stood + 1 : 0;
    last = sent();
  }
  expect(lab.attempts[0]?.end).toBe('pending');
  expect(sent()).toBeLessThan(20_000_000);
  socket.destroy();
  await lab.until(([attempt]) => attempt?.end === 'hung-up');
});

test('waiting for what never comes is rejected', async ({ lab }) => {
  await expect(lab.until(() => false, { timeoutMs: 20 })).rejects.toThrow(/never came/);
});

test('reset forgets attempts, scripts and revoked keys', async ({ lab }) => {
  lab.script('openai/gpt-oss-20b', ['500']);
  lab.revoke('gsk_test');
  lab.reset();
  const heard = await hear({ url: lab.url, body: question('openai/gpt-oss-20b') });
  expect(heard.status).toBe(200);
  expect(lab.attempts).toHaveLength(1);
});

test('unplugged, the lab refuses connections; plugged in, it answers on the same port', async ({
  lab,
}) => {
  await lab.unplug();
  const refused = await post(lab, question('lab/healthy'), AbortSignal.timeout(2000)).catch(
    (error) => error.cause.code,
  );
  expect(refused).toBe('ECONNREFUSED');
  await lab.plug();
  expect((await hear({ url: lab.url, body: question('lab/healthy') })).status).toBe(200);
});
