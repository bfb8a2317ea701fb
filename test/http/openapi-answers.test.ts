import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, expect, test } from 'vitest';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ ROTATION_WEBHOOK_URL: 'https://nobody.invalid/' });
const { server, lab } = cloud;
afterAll(cloud.stop);
const key = await server.key();

type Described = {
  readonly headers?: Readonly<Record<string, unknown>>;
  readonly content?: Readonly<Record<string, Media>>;
};

type Media = {
  readonly schema?: object;
  readonly 'x-event-data'?: object;
  readonly example?: object;
};

type Operation = {
  readonly requestBody?: Described;
  readonly responses: Readonly<Record<number, Described>>;
};

const described = await (await fetch(`${server.url}/openapi.json`)).text();
const document: { paths: Record<string, Record<string, Operation>> } = JSON.parse(described);
const ajv = new Ajv2020({ strict: false, formats: { 'date-time': true } });
ajv.addSchema(document, 'openapi');

/** What the description says of an answer. */
function descriptionOf(route: string, status: number): Described {
  const [method = '', path = ''] = route.split(' ');
  const found = document.paths[path]?.[method.toLowerCase()]?.responses?.[status];
  if (!found) throw new Error(`${route} is not described as answering ${status}`);
  return found;
}

function judge(schema: object | undefined, value: unknown): void {
  const { $ref } = schema as { $ref: string };
  const check = ajv.getSchema(`openapi${$ref}`);
  if (!check) throw new Error(`no schema ${$ref}`);
  check(value);
  expect(check.errors, JSON.stringify(value)).toBeNull();
}

/** Headers of HTTP itself, of proxies, and of CORS. */
const PLAIN =
  /^(content-|cache-control$|date$|connection$|keep-alive$|transfer-encoding$|vary$|access-control-|x-accel-)/;

/** Asks, and holds the answer against the description: status, headers, media type, body. */
async function ask(route: string, init: RequestInit & { path?: string } = {}): Promise<Response> {
  const [method = '', path = ''] = route.split(' ');
  const answer = await fetch(server.url + (init.path ?? path), { method, ...init });
  const { headers = {}, content } = descriptionOf(route, answer.status);
  const unknown = [...answer.headers.keys()].filter(
    (name) => !PLAIN.test(name) && !(name in headers),
  );
  expect(unknown, `headers of ${route}`).toEqual([]);
  const [type = ''] = (answer.headers.get('content-type') ?? '').split(';');
  const media = content?.[type] ?? content?.[type.replace(/\/.*/, '/*')];
  expect(media, `${route} answered ${type}`).toBeDefined();
  const text = await answer.clone().text();
  if (media?.['x-event-data']) {
    for (const event of dataOf(text)) judge(media['x-event-data'], event);
  } else if (media?.schema) judge(media.schema, JSON.parse(text));
  return answer;
}

function dataOf(stream: string): unknown[] {
  const lines = stream.split('\n').filter((line) => line.startsWith('data: '));
  const data = lines.map((line) => line.slice(6)).filter((line) => line !== '[DONE]');
  expect(data.length).toBeGreaterThan(0);
  return data.map((line) => JSON.parse(line));
}

const withKey = { 'x-api-key': key };

function post(route: string, body: object, headers: Record<string, string> = withKey) {
  const type = { 'content-type': 'application/json' };
  return ask(route, { headers: { ...type, ...headers }, body: JSON.stringify(body) });
}

test.for(
  Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).flatMap(([method, { requestBody }]) =>
      Object.entries(requestBody?.content ?? {}).map(
        ([type, { schema, example = {} }]) =>
          [`${method.toUpperCase()} ${path}`, type, schema, example] as const,
      ),
    ),
  ),
)('the example of %s fits its schema and is answered as described', async (each) => {
  const [route, type, schema, example] = each;
  lab.reset();
  if (type !== 'application/json') {
    const form = new FormData();
    for (const [name, value] of Object.entries(example)) form.set(name, String(value));
    form.set('file', new Blob(['sound']), 'a.wav');
    expect((await ask(route, { headers: withKey, body: form })).status).toBe(200);
    return;
  }
  judge(schema, example);
  const whole = await post(route, example);
  // The embedded model has no vectors that mean anything.
  const isOffered = !route.includes('embeddings');
  expect(whole.status).toBe(isOffered ? 200 : 400);
  const canStream = descriptionOf(route, 200).content?.['text/event-stream'] !== undefined;
  if (!canStream) return;
  const streamed = await post(route, { ...example, stream: true });
  expect(streamed.headers.get('content-type')).toMatch(/^text\/event-stream/);
});

test.for([
  ['GET /api/usage', withKey],
  ['GET /api/usage.csv', withKey],
  ['GET /api/rate-limits', withKey],
  ['GET /api/models', withKey],
  ['GET /v1/models', withKey],
  ['GET /models', withKey],
  ['GET /api/admin', { 'admin-secret': server.adminSecret }],
  ['GET /api/admin/doctor', { 'admin-secret': server.adminSecret }],
  ['GET /current-key', { 'admin-secret': server.adminSecret }],
  ['GET /health', {}],
  ['GET /ready', {}],
  ['GET /metrics', {}],
  ['GET /openapi.json', {}],
] as const)('%s answers as described', async ([route, headers]) => {
  expect((await ask(route, { headers })).status).toBe(200);
});

test('one model is described as it comes', async () => {
  const path = '/v1/models/local/lifeboat';
  expect((await ask('GET /v1/models/{id}', { path, headers: withKey })).status).toBe(200);
});

test.for([
  ['without a key', 401, 'POST /v1/chat/completions', {}, {}],
  ['without a key, on Anthropic’s route', 401, 'POST /v1/messages', {}, {}],
  ['with a body that is wrong', 400, 'POST /chat', {}, withKey],
  ['without the admin secret', 401, 'POST /rotate-key', {}, {}],
] as const)('a refusal %s is a described %i', async ([, status, route, body, headers]) => {
  expect((await post(route, body, headers)).status).toBe(status);
});

test.for([
  ['429', 429],
  ['500', 503],
] as const)('a provider’s %s that nobody makes good is described', async ([fault, status]) => {
  lab.script('*', [fault]);
  const body = { messages: [{ role: 'user', content: 'Hi' }] };
  const headers = { ...withKey, 'x-fallback': 'local-off' };
  const answer = await post('POST /v1/chat/completions', body, headers);
  expect(answer.status).toBe(status);
  lab.reset();
});

test('a key that was turned by hand is described, the last of all', async () => {
  const headers = { 'admin-secret': server.adminSecret };
  expect((await ask('POST /rotate-key', { headers })).status).toBe(200);
  expect((await ask('GET /api/usage', { headers: withKey })).status).toBe(401);
});
