import { once } from 'node:events';
import { request } from 'node:http';
import { Readable } from 'node:stream';
import { text } from 'node:stream/consumers';
import { pipeline } from 'node:stream/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from '../support/api-error.ts';
import { rawHttp } from '../support/raw-http.ts';
import { startServer, type TestServer } from '../support/server.ts';

const MIB = 1024 * 1024;
const ROUTES = [
  '/chat',
  '/api/chat',
  '/local-chat',
  '/v1/chat/completions',
  '/chat/completions',
] as const;

let server: TestServer;
let key: string;

beforeAll(async () => {
  server = await startServer();
  key = await server.key();
});
afterAll(() => server.stop());

function send(
  body: RequestInit['body'] | null,
  { path = '/chat', headers = {} }: { path?: string; headers?: Record<string, string> } = {},
): Promise<Response> {
  return fetch(`${server.url}${path}`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
    body,
    ...(body instanceof ReadableStream ? { duplex: 'half' } : {}),
  } as RequestInit);
}

/** So many MiB in pieces. */
function pieces(mebibytes: number): Buffer[] {
  const piece = Buffer.alloc(64 * 1024, 'x');
  return Array.from({ length: (mebibytes * MIB) / piece.length }, () => piece);
}

/** A body that is sent in chunks, without its length. */
function chunked(mebibytes: number): ReadableStream {
  return Readable.toWeb(Readable.from(pieces(mebibytes))) as ReadableStream;
}

describe.each(ROUTES)('%s', (path) => {
  it('needs a key before it looks at the body', async () => {
    const answer = await send('{', { path, headers: { 'x-api-key': '' } });
    expect(await errorOf(answer)).toMatchObject({ status: 401, code: 'invalid_api_key' });
  });

  it('refuses a body that is no JSON', async () => {
    expect(await errorOf(await send('{"prompt": "Hi', { path }))).toMatchObject({
      status: 400,
      type: 'invalid_request_error',
      code: 'invalid_json',
    });
  });

  it('names the field that has the wrong type', async () => {
    const body = JSON.stringify({ messages: [{ role: 'user', content: 42 }] });
    expect(await errorOf(await send(body, { path }))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param: 'messages.0.content',
    });
  });

  it('refuses a body that is not declared as JSON', async () => {
    const answer = await send('{"prompt":"Hi"}', {
      path,
      headers: { 'content-type': 'text/plain' },
    });
    expect(await errorOf(answer)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });
});

describe('a body', () => {
  it.each([
    ['that is not there', null],
    ['that is empty', ''],
    ['of blanks', '   '],
    ['with a null byte', '{"prompt":"Hi"}\0'],
    ['that is not UTF-8', Buffer.from([...Buffer.from('{"prompt":"'), 0xff, 0xfe, 0x22, 0x7d])],
    ['cut in a character', Buffer.from([...Buffer.from('{"prompt":"'), 0xc3, 0x22, 0x7d])],
    ['in UTF-16', Buffer.from('{"prompt":"Hi"}', 'utf16le')],
    ['with a trailing comma', '{"prompt":"Hi",}'],
    ['of JavaScript', "{prompt:'Hi'}"],
    ['with NaN in it', '{"prompt":"Hi","temperature":NaN}'],
  ])('%s is refused as invalid JSON', async (_what, body) => {
    expect(await errorOf(await send(body))).toMatchObject({ status: 400, code: 'invalid_json' });
  });

  it.each(['null', '42', '"Hi"', '[]', 'true'])('of %s is refused as no object', async (body) => {
    expect(await errorOf(await send(body))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param: null,
      message: 'The body must be an object.',
    });
  });

  it('in a compressed form is refused', async () => {
    const answer = await send('{"prompt":"Hi"}', { headers: { 'content-encoding': 'gzip' } });
    expect(await errorOf(answer)).toMatchObject({ status: 415, code: 'unsupported_media_type' });
  });

  it.each(['application/json; charset=utf-8', 'APPLICATION/JSON', 'application/vnd.api+json'])(
    'may be declared as %s',
    async (type) => {
      const answer = await send('{"messages":[]}', { headers: { 'content-type': type } });
      expect((await errorOf(answer)).param).toBe('messages');
    },
  );
});

describe('a body that is too large', () => {
  const plain = (bytes: number) => JSON.stringify({ prompt: '', pad: 'x'.repeat(bytes) });
  const image = (bytes: number) =>
    JSON.stringify({ messages: [], image: { type: 'image_url', pad: 'x'.repeat(bytes) } });

  it('is refused beyond 4 MiB', async () => {
    expect(await errorOf(await send(plain(4 * MIB)))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });

  it('is let through at just below 4 MiB', async () => {
    expect((await errorOf(await send(plain(4 * MIB - 100)))).param).toBe('prompt');
  });

  it('is let through up to 20 MiB where there are images', async () => {
    expect((await errorOf(await send(image(20 * MIB - 100)))).param).toBe('messages');
  });

  it('is refused beyond 20 MiB even with images', async () => {
    expect(await errorOf(await send(image(20 * MIB)))).toMatchObject({ status: 413 });
  });

  it.each([5, 30])('is refused when its %i MiB come in chunks', async (mebibytes) => {
    expect(await errorOf(await send(chunked(mebibytes)))).toMatchObject({
      status: 413,
      code: 'body_too_large',
    });
  });
});

describe('a body that is too large, on a connection that ends with its answer', () => {
  /** The statuses of several such requests: one answer may get through by luck. */
  async function statusesOf(path: string, headers: Record<string, string>) {
    const statuses: (number | string)[] = [];
    for (let turn = 0; turn < 3; turn++) statuses.push(await statusOf(path, headers));
    return statuses;
  }

  async function statusOf(path: string, headers: Record<string, string>) {
    const outgoing = request(`${server.url}${path}`, {
      ...{ method: 'POST', agent: false },
      headers: { 'x-api-key': key, 'content-length': 26 * MIB, ...headers },
    });
    const answered = once(outgoing, 'response');
    const sent = pipeline(Readable.from(pieces(26)), outgoing);
    try {
      const [[answer]] = await Promise.all([answered, sent]);
      await text(answer);
      return answer.statusCode;
    } catch (error) {
      return String((error as NodeJS.ErrnoException).code);
    }
  }

  const json = { 'content-type': 'application/json' };
  const form = { 'content-type': 'multipart/form-data; boundary=edge' };

  it.each<[string, number, Record<string, string>]>([
    ['/chat', 413, json],
    ['/chat', 401, { ...json, 'x-api-key': '' }],
    ['/chat', 415, form],
    ['/v1/audio/transcriptions', 413, form],
    ['/nowhere', 404, json],
  ])('is told so, and not cut off: %s, %i', async (path, status, headers) => {
    expect(await statusesOf(path, headers)).toEqual([status, status, status]);
  });
});

it('a caller that sends its head and then waits is answered all the same', async () => {
  const head = 'POST /chat HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: 9\r\n\r\n';
  expect(await rawHttp(server.url, head)).toMatch(/^HTTP\/1\.1 401 /);
});

describe('a prompt', () => {
  it.each([
    ['nothing at all', {}, 'prompt'],
    ['a blank prompt', { prompt: ' \n' }, 'prompt'],
    ['no messages in the list', { messages: [] }, 'messages'],
    ['both', { prompt: 'Hi', messages: [{ role: 'user', content: 'Hi' }] }, 'prompt'],
    ['a list as prompt', { prompt: ['Hi'] }, 'prompt'],
  ])('is missing or twofold: %s', async (_what, body, param) => {
    expect(await errorOf(await send(JSON.stringify(body)))).toMatchObject({
      status: 400,
      code: 'invalid_request',
      param,
    });
  });

  it('is not taken for messages by the OpenAI route', async () => {
    const answer = await send('{"prompt":"Hi"}', { path: '/v1/chat/completions' });
    expect(await errorOf(answer)).toMatchObject({ status: 400, param: 'messages' });
  });
});

it.each(['maybe', 'off, on', '1'])('x-fallback: %s is refused by name', async (value) => {
  const answer = await send('{"prompt":"Hi"}', { headers: { 'x-fallback': value } });
  expect(await errorOf(answer)).toMatchObject({ status: 400, param: 'x-fallback' });
});

describe('odd JSON', () => {
  it.each([2_000, 200_000])('of %i fields is refused', async (count) => {
    const fields = Array.from({ length: count }, (_, index) => `"field${index}":1`);
    const body = `{"prompt":"Hi",${fields.join(',')}}`;
    expect(await errorOf(await send(body))).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  const inAll = (fields: string[]) => `{${fields.join(',')}}`;

  it.each<[string, (fields: string[]) => string]>([
    ['one message', (fields) => `"messages":[${inAll(fields)}]`],
    ['a schema', (fields) => `"prompt":"Hi","tools":[{"parameters":${inAll(fields)}}]`],
    ['many messages', (fields) => `"messages":[{${fields.join('},{')}}]`],
  ])('of too many fields in %s is refused', async (_where, body) => {
    const fields = Array.from({ length: 50_001 }, (_, index) => `"field${index}":1`);
    const answer = await errorOf(await send(`{${body(fields)}}`));
    expect(answer).toMatchObject({ status: 400, code: 'invalid_request' });
    expect(answer.message).toContain('50000 fields');
  });

  it('may have as many numbers as it has room for', async () => {
    const numbers = Array.from({ length: 2_000_000 }, () => 1);
    expect((await errorOf(await send(`{"input":[${numbers}]}`))).param).toBe('prompt');
  });

  it.each([300, 100_000])('nested %i deep is refused', async (depth) => {
    const deep = `${'[{"a":'.repeat(depth)}1${'}]'.repeat(depth)}`;
    const answer = await send(`{"prompt":"Hi","extra":${deep}}`);
    expect(await errorOf(answer)).toMatchObject({ status: 400, code: 'invalid_request' });
  });

  it('with a number of a million digits is refused', async () => {
    const digits = '9'.repeat(1_000_000);
    for (const field of ['seed', 'max_tokens', 'temperature']) {
      const answer = await send(`{"prompt":"Hi","${field}":${digits}}`);
      expect(await errorOf(answer)).toMatchObject({ status: 400, param: field });
    }
  });

  it('cannot slip a field in by __proto__', async () => {
    for (const body of ['{"__proto__":{"prompt":"Hi"}}', '{"constructor":{"prompt":"Hi"}}']) {
      expect(await errorOf(await send(body))).toMatchObject({ status: 400, param: 'prompt' });
    }
    expect((await fetch(`${server.url}/health`)).status).toBe(200);
  });
});

it('a caller who hangs up while sending leaves the server well', async () => {
  const controller = new AbortController();
  const endless = new ReadableStream({
    start: (stream) => stream.enqueue(Buffer.from('{"prompt":"')),
  });
  const sending = fetch(`${server.url}/chat`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: endless,
    duplex: 'half',
    signal: controller.signal,
  } as RequestInit);
  controller.abort();
  await expect(sending).rejects.toThrow();
  expect((await fetch(`${server.url}/health`)).status).toBe(200);
});
