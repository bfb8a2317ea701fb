import { describe, expect, it } from 'vitest';
import { chunks, streamed } from '../support/answer.ts';
import { PROMPT } from '../support/cloud.ts';
import { KINDS, tracedCloud } from '../support/traced-cloud.ts';

const LARGE = 'openai/gpt-oss-120b';
const SMALL = 'openai/gpt-oss-20b';
const FAILED = { code: 2 };

const traced = tracedCloud();
const { open, heard, trace } = traced;

describe('a request', () => {
  it('is one span, its one attempt a child with what OpenTelemetry wants to know', async () => {
    await open();
    const answer = await traced.cloud.stream({
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
    const { hostname, port } = new URL(traced.cloud.lab.url);
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
    await traced.cloud.ask({});
    await traced.cloud.ask({ input: PROMPT, prompt: undefined }, { path: '/v1/responses' });
    await traced.cloud.ask({ max_tokens: 20 }, { path: '/v1/messages' });
    await traced.cloud.ask(
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
    traced.cloud.lab.script(LARGE, ['500']);
    traced.cloud.lab.script(SMALL, ['503']);
    const answer = await traced.cloud.stream({ max_tokens: 5 });
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
    traced.cloud.lab.script(LARGE, ['cut']);
    const answer = await traced.cloud.stream({});
    expect(streamed(answer)).toBe(traced.cloud.lab.expected(PROMPT));
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
    traced.cloud.lab.script('*', ['500']);
    await traced.cloud.ask({}, { headers: { 'x-fallback': 'local-off' } });
    traced.cloud.lab.script('*', ['slow:gap=20,answerTokens=500']);
    const caller = new AbortController();
    const answer = await traced.cloud.open({ stream: true }, { signal: caller.signal });
    await answer.body?.getReader().read();
    caller.abort();
    await expect.poll(() => traced.cloud.server.output()).toContain('"hungUp":true');
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
    await traced.cloud.ask({});
    for (const path of ['/health', '/ready', '/metrics'])
      await fetch(traced.cloud.server.url + path);
    const { request } = await trace();
    await expect.poll(traced.cloud.server.output).toContain(`"traceId":"${request.traceId}"`);
  });
});

it('tells the collector who it is, and nobody what was said', async () => {
  const key = 'the-token-of-the-collector';
  await open({
    OTEL_EXPORTER_OTLP_HEADERS: `authorization=Bearer%20${key},x-team=harbour`,
    OTEL_SERVICE_NAME: 'harbour-keyturn',
    OTEL_RESOURCE_ATTRIBUTES: 'deployment.environment.name=pier,service.name=not-this',
  });
  const clientKey = await traced.cloud.server.key();
  const answer = await traced.cloud.stream({ user: 'somebody in particular' });
  await traced.cloud.ask({ messages: PROMPT });
  await traced.cloud.ask({}, { path: `/v1/models/${clientKey}` });
  await fetch(`${traced.cloud.server.url}/nothing/${clientKey}?key=${clientKey}`);
  const [span] = await heard();
  expect(span?.resource).toMatchObject({
    'service.name': 'harbour-keyturn',
    'deployment.environment.name': 'pier',
  });
  for (const { headers } of traced.collector.deliveries) {
    expect(headers).toMatchObject({
      ...{ authorization: `Bearer ${key}`, 'x-team': 'harbour' },
      'content-type': 'application/json',
    });
  }
  const told = traced.collector.deliveries.map(({ body }) => body).join('\n');
  expect(told).toContain('"POST /v1/chat/completions"');
  const secrets = [clientKey, traced.cloud.server.adminSecret, 'gsk_test_of_the_faults', key];
  for (const secret of [...secrets, PROMPT, 'somebody in particular', '127.0.0.1:']) {
    expect(told).not.toContain(secret);
  }
  const words = streamed(answer);
  expect(words.length).toBeGreaterThan(20);
  expect(told).not.toContain(words.slice(0, 20));
});

it('records what its sampler takes', async () => {
  await open({ OTEL_TRACES_SAMPLER: 'always_off' });
  await traced.cloud.ask({});
  expect(traced.cloud.lab.attempts[0]?.headers['traceparent']).toMatch(/-00$/);
  expect(await heard()).toEqual([]);
});
