import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { errorOf } from '../support/api-error.ts';
import { startServer, type TestServer } from '../support/server.ts';

let server: TestServer;
let key: string;

beforeAll(async () => {
  server = await startServer();
  key = await server.key();
});
afterAll(() => server.stop());

function send(method: string, path: string, headers: Record<string, string> = {}) {
  return fetch(`${server.url}${path}`, { method, headers });
}

const withKey = () => ({ 'x-api-key': key });

describe('a route that is not there', () => {
  it.each([
    ['GET', '/nothing'],
    ['POST', '/v1'],
    ['DELETE', '/v1/chat/completions/1'],
    ['GET', '/%E0%A4%A'],
    ['GET', '//nothing'],
    ['GET', '/../../etc/passwd'],
  ])('%s %s is told what is', async (method, path) => {
    const error = await errorOf(await send(method, path));
    expect(error).toMatchObject({
      status: 404,
      type: 'invalid_request_error',
      code: 'not_found',
      param: null,
    });
    expect(error.message).toContain('POST /chat');
    expect(error.message).toContain('GET /docs');
  });

  it.each(['/v1/files', '/v1/batches', '/v1/moderations', '/v1/images/generations'])(
    '%s is a part of the API that is not offered',
    async (path) => {
      expect(await errorOf(await send('POST', path))).toMatchObject({
        status: 404,
        code: 'not_supported',
      });
    },
  );

  it('has an error without a body for HEAD', async () => {
    const answer = await send('HEAD', '/nothing');
    expect([answer.status, await answer.text()]).toEqual([404, '']);
  });
});

describe('a method that is not possible', () => {
  it.each([
    ['GET', '/chat', 'POST'],
    ['PUT', '/chat', 'POST'],
    ['DELETE', '/v1/chat/completions', 'POST'],
    ['PATCH', '/local-chat', 'POST'],
    ['OPTIONS', '/api/chat', 'POST'],
    ['POST', '/v1/models', 'HEAD, GET'],
    ['DELETE', '/v1/models/openai/gpt-oss-120b', 'HEAD, GET'],
    ['POST', '/current-key', 'HEAD, GET'],
    ['GET', '/rotate-key', 'POST'],
    ['POST', '/health', 'HEAD, GET'],
    ['DELETE', '/ready', 'HEAD, GET'],
  ])('%s %s is answered with what is: %s', async (method, path, allow) => {
    const answer = await send(method, path);
    expect(answer.headers.get('allow')).toBe(allow);
    expect(await errorOf(answer)).toMatchObject({ status: 405, code: 'method_not_allowed' });
  });

  it('HEAD on a chat route is refused without a body', async () => {
    const answer = await send('HEAD', '/chat');
    expect([answer.status, answer.headers.get('allow')]).toEqual([405, 'POST']);
  });
});

describe('GET /health', () => {
  it('tells version, uptime, key age, store and models to everybody, but no key', async () => {
    const answer = await send('GET', '/health');
    expect([answer.status, answer.headers.get('cache-control')]).toEqual([200, 'no-store']);
    const text = await answer.text();
    expect(JSON.parse(text)).toMatchObject({
      status: 'ok',
      version: expect.stringMatching(/^\d+\.\d+\.\d+/),
      uptime_seconds: expect.any(Number),
      key: { mode: 'stored', age_seconds: expect.any(Number), expiry: expect.any(String) },
      store: { status: 'ok' },
      groq: { configured: false },
      local: expect.any(Object),
    });
    expect(text).not.toContain(key);
    expect(text).not.toContain(server.dataDir);
  });

  it('answers HEAD with the same head', async () => {
    const answer = await send('HEAD', '/health');
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

it('GET /ready tells that the local model can answer', async () => {
  const answer = await send('GET', '/ready');
  expect([answer.status, await answer.json()]).toEqual([200, { status: 'ready', by: 'local' }]);
});

describe('the models', () => {
  type Listed = { object: string; data: { id: string; object: string; created: number }[] };

  it.each(['/v1/models', '/models'])('are listed in OpenAI shape at %s', async (path) => {
    const list = (await (await send('GET', path, withKey())).json()) as Listed;
    expect(list.object).toBe('list');
    expect(list.data.map(({ id }) => id)).toContain('local/lifeboat');
    for (const model of list.data) {
      expect(model).toMatchObject({ object: 'model', created: expect.any(Number) });
    }
  });

  it.each([
    '/v1/models/local/lifeboat',
    '/v1/models/local%2Flifeboat',
    '/v1/models/local%2flifeboat',
    '/models/local/lifeboat',
    '/models/local%2Flifeboat',
  ])('are found at %s', async (path) => {
    const answer = await send('GET', path, withKey());
    expect(await answer.json()).toMatchObject({ id: 'local/lifeboat', object: 'model' });
  });

  it.each(['/v1/models/no/such', '/v1/models/%E0%A4%A', '/v1/models/..%2f..%2fetc'])(
    'are not found at %s',
    async (path) => {
      expect(await errorOf(await send('GET', path, withKey()))).toMatchObject({
        status: 404,
        code: 'model_not_found',
        param: 'model',
      });
    },
  );

  it.each(['/v1/models', '/models/local/lifeboat'])('need a key at %s', async (path) => {
    expect((await send('GET', path)).status).toBe(401);
  });
});

describe('the request id', () => {
  it.each(['/health', '/nothing', '/v1/models'])('is made up and sent by %s', async (path) => {
    const [one, other] = await Promise.all([send('GET', path), send('GET', path)]);
    expect(one.headers.get('x-request-id')).toMatch(/^req_[0-9a-f-]{36}$/);
    expect(one.headers.get('x-request-id')).not.toBe(other.headers.get('x-request-id'));
  });

  it("is the caller's own where that is a harmless word", async () => {
    const answer = await send('GET', '/nothing', { 'x-request-id': 'trace:42.a-b_c' });
    expect(answer.headers.get('x-request-id')).toBe('trace:42.a-b_c');
  });

  it.each(['<script>', 'two words', 'a'.repeat(101), '{"level":50}'])(
    'is not %s',
    async (given) => {
      const answer = await send('GET', '/nothing', { 'x-request-id': given });
      expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
    },
  );
});

describe('a secret that comes along is not the request id', () => {
  const secret = 'a-token-of-the-metrics';

  it.each([
    ['x-api-key', secret],
    ['admin-secret', secret],
    ['authorization', `Bearer ${secret}`],
    ['authorization', `bearer  ${secret}`],
  ])('%s: %s', async (name, value) => {
    const answer = await send('GET', '/nothing', { [name]: value, 'x-request-id': secret });
    expect(answer.headers.get('x-request-id')).toMatch(/^req_/);
  });
});

describe('a page on another origin', () => {
  it('may ask with every header of ours', async () => {
    const answer = await send('OPTIONS', '/v1/chat/completions', {
      origin: 'https://page.example',
      'access-control-request-method': 'POST',
      'access-control-request-headers': 'x-api-key,content-type',
    });
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-allow-credentials')).toBeNull();
    expect(answer.headers.get('access-control-allow-methods')?.split(',')).toContain('POST');
    const allowed = answer.headers.get('access-control-allow-headers')?.split(',');
    for (const name of ['x-api-key', 'authorization', 'admin-secret', 'x-fallback']) {
      expect(allowed).toContain(name);
    }
  });

  it.each(['/health', '/nothing', '/v1/models'])('may read what %s answers', async (path) => {
    const answer = await send('GET', path, { origin: 'https://page.example' });
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
    expect(answer.headers.get('access-control-expose-headers')).toContain('x-served-by');
  });
});

describe('with CORS_ORIGIN set', () => {
  let closed: TestServer;
  beforeAll(async () => {
    closed = await startServer({ CORS_ORIGIN: 'https://one.example, https://two.example' });
  });
  afterAll(() => closed.stop());

  it.each([
    ['https://two.example', 'https://two.example'],
    ['https://three.example', null],
  ])('a page on %s is allowed %s', async (origin, allowed) => {
    const answer = await fetch(`${closed.url}/health`, { headers: { origin } });
    expect(answer.headers.get('access-control-allow-origin')).toBe(allowed);
    expect(answer.headers.get('vary')).toBe('Origin');
  });
});
