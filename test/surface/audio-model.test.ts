import { once } from 'node:events';
import { request } from 'node:http';
import { join } from 'node:path';
import { afterAll, afterEach, expect, test } from 'vitest';
import { rateLimitsSchema } from '../../src/http/reports/rate-limits-schema.ts';
import { eventually, labAndServers } from '../usage/server.ts';

const { lab, dataDir, boot, stop } = await labAndServers();
afterAll(stop);
afterEach(() => lab.reset());

const LARGE = 'whisper-large-v3';
const TURBO = 'whisper-large-v3-turbo';
const PATH = '/v1/audio/transcriptions';

/** A form of these fields, in this order; a recording is bytes. */
function form(...fields: readonly (readonly [string, string | Uint8Array])[]): FormData {
  const data = new FormData();
  for (const [name, value] of fields) {
    if (typeof value === 'string') data.append(name, value);
    else data.append(name, new Blob([new Uint8Array(value)]), 'a.wav');
  }
  return data;
}

const recording = (bytes: number) => ['file', new Uint8Array(bytes)] as const;
const modelFirst = (model: string, bytes = 1_000) => form(['model', model], recording(bytes));
/** As OpenAI's library for JavaScript writes it. */
const fileFirst = (model: string, bytes = 1_000) => form(recording(bytes), ['model', model]);

let servers = 0;

/** A server with books of its own. */
async function booted(settings: Record<string, string> = {}) {
  servers += 1;
  const { server, usage, get } = await boot({
    DATA_DIR: join(dataDir, String(servers)),
    ...settings,
  });
  const headers = { 'x-api-key': await server.key() };
  return {
    server,
    usage,
    headers,
    send: (body: FormData, path = PATH) =>
      fetch(server.url + path, { method: 'POST', headers, body }),
    windowsOf: async (model: string) => {
      const { models } = rateLimitsSchema.parse(await (await get('/api/rate-limits')).json());
      return models.find((each) => each.model === model)?.windows;
    },
  };
}

test.for([
  ['before the file', modelFirst],
  ['behind the file', fileFirst],
  ['behind a file of many packets', (model: string) => fileFirst(model, 3_000_000)],
] as const)('a model named %s is the one in header, ledger and limits', async ([, formOf]) => {
  const { send, usage, windowsOf, server } = await booted();
  const before = await usage();
  const answer = await send(formOf(TURBO));
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-served-by')).toBe(`groq/${TURBO}`);
  await answer.text();
  const { recent, by_model } = await eventually(
    usage,
    ({ total }) => total.requests === before.total.requests + 1,
  );
  expect(recent[0]).toMatchObject({ model: TURBO, served_by: `groq/${TURBO}`, outcome: 'ok' });
  const was = before.by_model[TURBO] ?? { requests: 0, attempts: 0 };
  expect(by_model[TURBO]).toMatchObject({
    requests: was.requests + 1,
    attempts: was.attempts + 1,
  });
  expect(by_model['other']).toBeUndefined();
  expect((await windowsOf(TURBO))?.[0]).toMatchObject({ window: 'rpm', used: was.requests + 1 });
  expect((await windowsOf(LARGE))?.[0]?.used ?? 0).toBe(0);
  await server.stop();
});

test('each model of recordings has its own requests a minute, wherever a form names it', async () => {
  const { send, server } = await booted({ GROQ_LIMITS: `${LARGE}=3/-/-/-,${TURBO}=5/-/-/-` });
  const forms = [modelFirst(LARGE), fileFirst(LARGE), modelFirst(LARGE), modelFirst(LARGE)];
  const answers = [];
  for (const each of forms) answers.push(await send(each));
  expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 429]);
  const refused = (await answers[3]?.json()) as { error: { message: string } };
  expect(refused.error.message).toContain(
    `${LARGE} has used up its limit of 3 requests per minute`,
  );
  expect(Number(answers[3]?.headers.get('retry-after'))).toBeGreaterThan(50);
  expect((await send(modelFirst(TURBO))).status).toBe(200);
  const unnamed = await send(fileFirst(TURBO, 200_000));
  expect(unnamed.status).toBe(429);
  expect(await unnamed.text()).toContain('Put the field model before the file');
  await server.stop();
});

test('a burst of forms that name their model last never oversteps', async () => {
  const { send, server } = await booted({
    GROQ_LIMITS: `*=4/-/-/-`,
  });
  const asked = Array.from({ length: 20 }, (_, index) =>
    send(index % 2 === 0 ? fileFirst(LARGE, 200_000) : modelFirst(LARGE)),
  );
  const statuses = (await Promise.all(asked)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 200)).toHaveLength(4);
  expect(lab.attempts.filter(({ status }) => status === 200)).toHaveLength(4);
  await server.stop();
});

test('an hour of audio that is used up is waited out as Groq asks', async () => {
  const { send, server } = await booted();
  lab.script(LARGE, ['429:retryAfter=7', 'healthy']);
  expect((await send(modelFirst(LARGE))).status).toBe(429);
  const next = await send(modelFirst(LARGE));
  expect(next.status).toBe(429);
  expect(Number(next.headers.get('retry-after'))).toBeGreaterThan(0);
  expect(lab.attempts).toHaveLength(1);
  expect((await send(modelFirst(TURBO))).status).toBe(200);
  await server.stop();
});

test('a large recording that is refused is taken to its end, so that its caller reads why', async () => {
  const { server, headers, send } = await booted({ GROQ_LIMITS: '*=1/-/-/-' });
  expect((await send(modelFirst(LARGE))).status).toBe(200);
  const encoded = new Response(fileFirst(LARGE, 10_000_000));
  const sending = request(server.url + PATH, {
    method: 'POST',
    headers: { ...headers, 'content-type': encoded.headers.get('content-type') ?? '' },
  });
  const sent = once(sending, 'finish');
  sending.end(Buffer.from(await encoded.arrayBuffer()));
  const [answer] = await once(sending, 'response');
  expect(answer.statusCode).toBe(429);
  answer.resume();
  await sent;
  await server.stop();
});
