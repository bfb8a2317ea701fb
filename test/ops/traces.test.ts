import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { chunks, streamed } from '../support/answer.ts';
import { type Cloud, PROMPT, startCloud } from '../support/cloud.ts';
import { type Collector, type HeardSpan, startCollector } from '../support/collector.ts';

const LARGE = 'openai/gpt-oss-120b';
const SMALL = 'openai/gpt-oss-20b';
const KINDS = { internal: 1, server: 2, client: 3 };
const FAILED = { code: 2 };

let collector: Collector;
let cloud: Cloud;
let isStopped: boolean;

async function open(settings: Readonly<Record<string, string>> = {}): Promise<void> {
  const endpoint = { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url };
  cloud = await startCloud({ ...endpoint, ...settings }, { answerTokens: 8, gapMs: 1 });
}

/** Stops the server, which delivers what is left: the spans by their start, without the admin's. */
async function heard(): Promise<HeardSpan[]> {
  isStopped = true;
  await cloud.stop();
  return collector
    .spans()
    .filter(({ name }) => name !== 'GET /current-key')
    .sort((one, other) => (one.startTimeUnixNano < other.startTimeUnixNano ? -1 : 1));
}

/** The one request, and its attempts in order. */
async function trace(): Promise<{ request: HeardSpan; attempts: HeardSpan[] }> {
  const [request, ...attempts] = await heard();
  if (!request) throw new Error('no span');
  expect(request.kind).toBe(KINDS.server);
  for (const { parentSpanId, traceId } of attempts) {
    expect({ parentSpanId, traceId }).toEqual({
      parentSpanId: request.spanId,
      traceId: request.traceId,
    });
  }
  return { request, attempts };
}

beforeEach(async () => {
  collector = await startCollector();
  isStopped = false;
});
afterEach(async () => {
  if (!isStopped) await cloud.stop();
  await collector.close();
});

describe('a request', () => {
  it('is one span, its one attempt a child with what OpenTelemetry wants to know', async () => {
    await open();
    const answer = await cloud.stream({
      ...{ temperature: 0.5, max_tokens: 50, seed: 7, stream_options: { include_usage: true } },
    });
    const id = /"id":"(chatcmpl-[^"]+)"/.exec(answer.text)?.[1];
    const usage = chunks(answer).at(-1)?.usage;
    const { request, attempts } = await trace();
    expect(request).toMatchObject({
      name: 'POST /v1/chat/completions',
      status: {},
      attributes: {
        'http.request.method': 'POST',
        'http.route': '/v1/chat/completions',
        'http.response.status_code': 200,
        'url.scheme': 'http',
        'keyturn.request_id': answer.headers.get('x-request-id'),
        'keyturn.served_by': `groq/${LARGE}`,
      },
      resource: { 'service.name': 'keyturn', 'service.version': expect.stringMatching(/^\d/) },
    });
    expect(request.parentSpanId).toBeUndefined();
    expect(attempts).toHaveLength(1);
    const { hostname, port } = new URL(cloud.lab.url);
    expect(attempts[0]).toMatchObject({
      name: `chat ${LARGE}`,
      kind: KINDS.client,
      status: {},
      attributes: {
        'gen_ai.operation.name': 'chat',
        'gen_ai.provider.name': 'groq',
        'gen_ai.request.model': LARGE,
        'gen_ai.request.stream': true,
        'gen_ai.request.temperature': 0.5,
        'gen_ai.request.max_tokens': 50,
        'gen_ai.request.seed': 7,
        'gen_ai.response.id': id,
        'gen_ai.response.model': LARGE,
        'gen_ai.response.finish_reasons': ['stop'],
        'gen_ai.usage.input_tokens': usage?.prompt_tokens,
        'gen_ai.usage.output_tokens': usage?.completion_tokens,
        'server.address': hostname,
        'server.port': Number(port),
        'keyturn.outcome': 'ok',
      },
    });
    const [attempt] = attempts;
    expect(attempt?.attributes['gen_ai.response.time_to_first_chunk']).toBeGreaterThan(0);
    expect(BigInt(attempt?.endTimeUnixNano ?? 0)).toBeLessThanOrEqual(
      BigInt(request.endTimeUnixNano),
    );
    const startMs = Number(BigInt(request.startTimeUnixNano) / 1_000_000n);
    expect(Math.abs(Date.now() - startMs)).toBeLessThan(60_000);
  });

  it('says the same of a whole answer, and of the other shapes of the API', async () => {
    await open();
    await cloud.ask({});
    await cloud.ask({ input: PROMPT, prompt: undefined }, { path: '/v1/responses' });
    await cloud.ask({ max_tokens: 20 }, { path: '/v1/messages' });
    await cloud.ask(
      { model: 'playai-tts', input: 'hello', voice: 'x' },
      { path: '/v1/audio/speech' },
    );
    const spans = await heard();
    const attempts = spans.filter(({ kind }) => kind === KINDS.client);
    expect(attempts.map(({ name }) => name)).toEqual([
      ...[`chat ${LARGE}`, `chat ${LARGE}`, `chat ${LARGE}`, 'speech playai-tts'],
    ]);
    for (const { attributes } of attempts.slice(0, 3)) {
      expect(attributes['gen_ai.response.finish_reasons']).toHaveLength(1);
      expect(attributes['gen_ai.response.model']).toBe(LARGE);
      expect(attributes['gen_ai.usage.output_tokens']).toBeGreaterThan(0);
    }
    expect(new Set(spans.map(({ traceId }) => traceId)).size).toBe(4);
  });

  it('has a child for every attempt: repeated, at the next model, on this machine', async () => {
    await open({ RETRY_ATTEMPTS: '2' });
    cloud.lab.script(LARGE, ['500']);
    cloud.lab.script(SMALL, ['503']);
    const answer = await cloud.stream({ max_tokens: 5 });
    const { request, attempts } = await trace();
    expect(
      attempts.map(({ name, kind, status, attributes }) => [
        ...[name, kind, status, attributes['error.type'] ?? attributes['keyturn.outcome']],
      ]),
    ).toEqual([
      [`chat ${LARGE}`, KINDS.client, FAILED, '500'],
      [`chat ${LARGE}`, KINDS.client, FAILED, '500'],
      [`chat ${SMALL}`, KINDS.client, FAILED, '503'],
      [`chat ${SMALL}`, KINDS.client, FAILED, '503'],
      ['chat lifeboat', KINDS.internal, {}, 'ok'],
    ]);
    expect(attempts.at(-1)?.attributes).toMatchObject({ 'gen_ai.provider.name': 'local' });
    expect(request.attributes['keyturn.fallback_trail']).toBe(
      answer.headers.get('x-fallback-trail'),
    );
  });

  it('shows a stream that broke and who carried it on', async () => {
    await open();
    cloud.lab.script(LARGE, ['cut']);
    const answer = await cloud.stream({});
    expect(streamed(answer)).toBe(cloud.lab.expected(PROMPT));
    const { request, attempts } = await trace();
    expect(attempts.map(({ name, attributes }) => [name, attributes['keyturn.rescue']])).toEqual([
      [`chat ${LARGE}`, undefined],
      [`chat ${SMALL}`, 'continue'],
    ]);
    expect(attempts[0]).toMatchObject({ status: FAILED, attributes: { 'error.type': 'cut' } });
    expect(request.attributes['keyturn.served_by']).toBe(`groq/${SMALL}`);
  });

  it('failed where it ended badly, and is nobody’s failure where the caller left', async () => {
    await open({ RETRY_ATTEMPTS: '1' });
    cloud.lab.script('*', ['500']);
    await cloud.ask({}, { headers: { 'x-fallback': 'local-off' } });
    cloud.lab.script('*', ['slow:gap=20,answerTokens=500']);
    const caller = new AbortController();
    const answer = await cloud.open({ stream: true }, { signal: caller.signal });
    await answer.body?.getReader().read();
    caller.abort();
    await expect.poll(() => cloud.server.output()).toContain('"hungUp":true');
    const spans = await heard();
    const requests = spans.filter(({ kind }) => kind === KINDS.server);
    expect(requests[0]).toMatchObject({ status: FAILED });
    expect(requests[0]?.attributes['error.type']).toEqual(expect.any(String));
    expect(requests[1]).toMatchObject({ status: {}, attributes: { 'keyturn.hung_up': true } });
    expect(spans.at(-1)).toMatchObject({
      status: {},
      attributes: { 'keyturn.outcome': 'hung_up', 'gen_ai.request.model': LARGE },
    });
  });

  it('is found in the log by its trace, and health checks are in neither', async () => {
    await open();
    await cloud.ask({});
    for (const path of ['/health', '/ready', '/metrics']) await fetch(cloud.server.url + path);
    const { request } = await trace();
    expect(cloud.server.output()).toContain(`"traceId":"${request.traceId}"`);
  });
});

describe("the caller's own trace", () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const spanId = 'b7ad6b7169203331';
  const headers = {
    traceparent: `00-${traceId}-${spanId}-01`,
    tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
  };

  it('is gone on with, and passed on to the provider', async () => {
    await open();
    await cloud.ask({}, { headers });
    const [received] = cloud.lab.attempts;
    const { request, attempts } = await trace();
    expect(request).toMatchObject({
      traceId,
      parentSpanId: spanId,
      traceState: headers.tracestate,
    });
    expect(received?.headers).toMatchObject({
      traceparent: `00-${traceId}-${attempts[0]?.spanId}-01`,
      tracestate: headers.tracestate,
    });
  });

  it('is not recorded where the caller does not record it, but still passed on', async () => {
    await open();
    await cloud.ask({}, { headers: { traceparent: `00-${traceId}-${spanId}-00` } });
    expect(cloud.lab.attempts[0]?.headers['traceparent']).toMatch(
      new RegExp(`^00-${traceId}-(?!${spanId})[0-9a-f]{16}-00$`),
    );
    expect(await heard()).toEqual([]);
  });

  it.each([
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    `00-${traceId}-0000000000000000-01`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    'nonsense',
  ])('counts for nothing where it is not one: %s', async (traceparent) => {
    await open();
    await cloud.ask({}, { headers: { traceparent, tracestate: 'a=b' } });
    expect(cloud.lab.attempts[0]?.headers['tracestate']).toBeUndefined();
    const { request } = await trace();
    expect(request.traceId).not.toBe(traceId);
    expect(request.parentSpanId).toBeUndefined();
  });
});

it('tells the collector who it is, and nobody what was said', async () => {
  const key = 'the-token-of-the-collector';
  await open({
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${key},x-team=harbour`,
    OTEL_SERVICE_NAME: 'harbour-keyturn',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=pier,service.name=not-this',
  });
  const clientKey = await cloud.server.key();
  const answer = await cloud.stream({ user: 'somebody in particular' });
  await cloud.ask({ messages: PROMPT });
  await cloud.ask({}, { path: `/v1/models/${clientKey}` });
  await fetch(`${cloud.server.url}/nothing/${clientKey}?key=${clientKey}`);
  const [span] = await heard();
  expect(span?.resource).toMatchObject({
    'service.name': 'harbour-keyturn',
    'deployment.environment.name': 'pier',
  });
  for (const { headers } of collector.deliveries) {
    expect(headers).toMatchObject({
      ...{ authorization: `Bearer ${key}`, 'x-team': 'harbour' },
      'content-type': 'application/json',
    });
  }
  const told = collector.deliveries.map(({ body }) => body).join('\n');
  expect(told).toContain('"POST /v1/chat/completions"');
  const secrets = [clientKey, cloud.server.adminSecret, 'gsk_test_of_the_faults', key];
  for (const secret of [...secrets, PROMPT, 'somebody in particular', '127.0.0.1:']) {
    expect(told).not.toContain(secret);
  }
  const words = streamed(answer);
  expect(words.length).toBeGreaterThan(20);
  expect(told).not.toContain(words.slice(0, 20));
});

it('records what its sampler takes', async () => {
  await open({ OTEL_TRACES_SAMPLER: 'always_off' });
  await cloud.ask({});
  expect(cloud.lab.attempts[0]?.headers['traceparent']).toMatch(/-00$/);
  expect(await heard()).toEqual([]);
});
