import { connect, type Socket } from 'node:net';
import { connect as connectTls } from 'node:tls';
import { expect } from 'vitest';
import type { Lab } from '../../tools/lab/lab-contract.ts';
import { requestBytes } from './caller.ts';
import { test } from './fixture.ts';
import { takeApart } from './heard.ts';
import { question } from './questions.ts';

function dial({ url }: Lab): Socket {
  const { hostname, port } = new URL(url);
  return connect(Number(port), hostname);
}

/** Reads until the pattern has come; rejects when the connection ends before. */
function readUntil(socket: Socket, pattern: RegExp): Promise<Buffer> {
  return new Promise((resolve, reject) => {
    const parts: Buffer[] = [];
    const look = (bytes: Buffer) => {
      parts.push(bytes);
      const all = Buffer.concat(parts);
      if (!pattern.test(all.toString('latin1'))) return;
      socket.off('data', look);
      resolve(all);
    };
    socket.on('data', look);
    socket.once('close', () => reject(new Error(`ended before ${pattern}`)));
  });
}

const wholeJson = /\r\n\r\n\{[\s\S]*\}$/;

test('one connection serves one request after the other', async ({ lab }) => {
  const socket = dial(lab);
  for (const model of ['openai/gpt-oss-120b', 'lab/503', 'openai/gpt-oss-20b']) {
    socket.write(requestBytes({ url: lab.url, body: question(model) }));
    await readUntil(socket, wholeJson);
  }
  socket.destroy();
  expect(lab.attempts.map(({ status }) => status)).toEqual([200, 503, 200]);
  expect(new Set(lab.attempts.map((attempt) => attempt.socket)).size).toBe(1);
});

test('a request is read however its bytes are cut', async ({ lab }) => {
  const socket = dial(lab).setNoDelay(true);
  const answer = readUntil(socket, wholeJson);
  const bytes = Buffer.from(requestBytes({ url: lab.url, body: question('lab/healthy') }));
  for (const byte of bytes) await new Promise((sent) => socket.write(Buffer.of(byte), sent));
  expect(takeApart(await answer, 'complete').status).toBe(200);
  socket.destroy();
});

test('a chunked body is put together', async ({ lab }) => {
  const socket = dial(lab);
  const [head = '', body = ''] = requestBytes({
    ...{ url: lab.url, body: question('lab/healthy') },
  }).split('\r\n\r\n');
  const chunked = head.replace(/content-length: \d+/, 'transfer-encoding: chunked');
  const half = Math.floor(body.length / 2);
  const parts = [body.slice(0, half), body.slice(half)];
  const encoded = parts.map((part) => `${part.length.toString(16)}\r\n${part}\r\n`).join('');
  socket.write(`${chunked}\r\n\r\n${encoded}0\r\n\r\n`);
  expect(takeApart(await readUntil(socket, wholeJson), 'complete').status).toBe(200);
  expect(lab.attempts[0]?.rawBody.toString()).toBe(body);
  socket.destroy();
});

test('a caller that expects a 100 gets it before it sends the body', async ({ lab }) => {
  const socket = dial(lab);
  const headers = ['expect: 100-continue'];
  const bytes = requestBytes({ url: lab.url, body: question('lab/healthy'), headers });
  const bodyAt = bytes.indexOf('\r\n\r\n') + 4;
  socket.write(bytes.slice(0, bodyAt));
  await readUntil(socket, /100 Continue\r\n\r\n$/);
  socket.write(bytes.slice(bodyAt));
  await readUntil(socket, wholeJson);
  socket.destroy();
});

test('what is no HTTP is answered 400 and closed', async ({ lab }) => {
  const socket = dial(lab);
  socket.write('EHLO there\r\n\r\n');
  expect(takeApart(await readUntil(socket, /\r\n\r\n/), 'fin').status).toBe(400);
  await new Promise((closed) => socket.once('close', closed));
});

test('a TLS handshake is answered with garbage', async ({ lab }) => {
  const { hostname, port } = new URL(lab.unreachable.tls);
  const failure = await new Promise<Error>((resolve) => {
    connectTls({ host: hostname, port: Number(port) }).once('error', resolve);
  });
  expect(String(failure)).toMatch(/SSL|wrong version|packet|ECONNRESET|EPROTO/i);
});

test('a proxied caller is asked for a password', async ({ lab }) => {
  const socket = dial(lab);
  socket.write('CONNECT api.groq.com:443 HTTP/1.1\r\nhost: api.groq.com:443\r\n\r\n');
  expect(takeApart(await readUntil(socket, /<\/html>/), 'complete').status).toBe(407);
  socket.destroy();
});

test('nobody listens at the address for refused connections', async ({ lab }) => {
  const failure = await fetch(`${lab.unreachable.refused}/models`).catch(({ cause }) => cause.code);
  expect(failure).toBe('ECONNREFUSED');
  expect(new URL(lab.unreachable.dns).hostname).toMatch(/\.invalid$/);
});
