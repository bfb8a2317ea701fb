import { afterAll, beforeAll, expect, it } from 'vitest';
import { rawHttp } from '../support/raw-http.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;

beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

/** Reads the last answer on a connection. */
function lastOf(bytes: string): { status: number; error: unknown } {
  const answer = bytes.slice(bytes.lastIndexOf('HTTP/1.1 '));
  const [head = '', body = ''] = answer.split('\r\n\r\n');
  expect(head.toLowerCase()).toContain('content-type: application/json; charset=utf-8');
  return { status: Number(head.split(' ')[1]), ...JSON.parse(body) };
}

const shape = { type: 'invalid_request_error', param: null, code: 'invalid_request' };

it.each([
  ['that are no HTTP', 'this is not HTTP\r\n\r\n'],
  ['of TLS', Buffer.from([0x16, 0x03, 0x01, 0x02, 0x00, 0x01, 0x00, 0x01, 0xfc, 0x03, 0x03])],
  ['of a null', 'GET /\0 HTTP/1.1\r\nhost: x\r\n\r\n'],
  ['with a header that is broken', 'GET / HTTP/1.1\r\nhost x\r\n\r\n'],
  [
    'with two lengths',
    'POST /chat HTTP/1.1\r\nhost: x\r\ncontent-length: 1\r\ncontent-length: 2\r\n\r\n',
  ],
  ['with an odd length', 'POST /chat HTTP/1.1\r\nhost: x\r\ncontent-length: -1\r\n\r\n'],
  [
    'with length and chunks',
    'POST /chat HTTP/1.1\r\nhost: x\r\ncontent-length: 5\r\ntransfer-encoding: chunked\r\n\r\n0\r\n\r\n',
  ],
  ['without a host', 'GET /health HTTP/1.1\r\nconnection: close\r\n\r\n'],
])('bytes %s get a readable refusal', async (_what, bytes) => {
  const { status, error } = lastOf(await rawHttp(server.url, bytes));
  expect(status).toBe(400);
  expect(error).toMatchObject({ ...shape, message: 'The request is no valid HTTP.' });
});

it('headers that are too large are told so', async () => {
  const bytes = `GET /health HTTP/1.1\r\nhost: x\r\ncookie: ${'c'.repeat(20_000)}\r\n\r\n`;
  const { status, error } = lastOf(await rawHttp(server.url, bytes));
  expect(status).toBe(431);
  expect(error).toMatchObject({ ...shape, message: 'The request headers are too large.' });
});

const good = 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n';

it('broken bytes on a connection that was good before are refused as readably', async () => {
  const answers = await rawHttp(server.url, good, 'rubbish\r\n\r\n');
  expect(answers).toMatch(/^HTTP\/1\.1 200 OK/);
  expect(lastOf(answers)).toMatchObject({ status: 400, error: shape });
});

it('broken bytes behind a request under way never get an answer in its place', async () => {
  expect(await rawHttp(server.url, `${good}rubbish\r\n\r\n`)).not.toContain('400');
});

it('an unknown expectation is passed over', async () => {
  const bytes = 'GET /health HTTP/1.1\r\nhost: x\r\nexpect: miracles\r\nconnection: close\r\n\r\n';
  expect(await rawHttp(server.url, bytes)).toMatch(/^HTTP\/1\.1 200 OK/);
});

it('a caller who waits for 100-continue is let on', async () => {
  const head = 'POST /chat HTTP/1.1\r\nhost: x\r\nconnection: close\r\nexpect: 100-continue\r\n';
  const answer = await rawHttp(
    server.url,
    `${head}content-type: application/json\r\ncontent-length: 2\r\n\r\n{}`,
  );
  expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 401 /);
});

it('an absolute address in the request line is understood', async () => {
  const bytes = 'GET http://any.example/health HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n';
  expect(await rawHttp(server.url, bytes)).toMatch(/^HTTP\/1\.1 200 OK/);
});

it('an upgrade that is not offered is ignored', async () => {
  const bytes =
    'GET /health HTTP/1.1\r\nhost: x\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\r\n';
  expect(await rawHttp(server.url, bytes)).toMatch(/^HTTP\/1\.1 200 OK/);
});

it('none of it is an error of the server', async () => {
  await rawHttp(server.url, 'rubbish\r\n\r\n');
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
  expect(server.output()).not.toContain('"level":50');
});
