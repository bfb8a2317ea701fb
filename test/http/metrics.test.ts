import { copyFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { completion } from '../support/answer.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { type Exposition, readExposition } from '../support/exposition.ts';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';

const EMBEDDED = fileURLToPath(new URL('../../models/lifeboat.gguf', import.meta.url));

const MAIN = 'openai/gpt-oss-120b';
const SECOND = 'openai/gpt-oss-20b';
const TOKEN = 'the-token-of-the-metrics';

describe('GET /metrics', () => {
  let cloud: Cloud;

  beforeAll(async () => {
    cloud = await startCloud({ METRICS_TOKEN: TOKEN }, { answerTokens: 10, gapMs: 1 });
  });
  afterAll(() => cloud.stop());

  const fetchMetrics = (headers: Record<string, string> = {}) =>
    fetch(`${cloud.server.url}/metrics`, { headers });

  /** A request is counted when its connection is done with it, so its own reader may be earlier. */
  async function metricsAfter(isThere: (metrics: Exposition) => boolean): Promise<Exposition> {
    for (;;) {
      const answer = await fetchMetrics({ authorization: `Bearer ${TOKEN}` });
      const metrics = readExposition(await answer.text());
      if (isThere(metrics)) return metrics;
    }
  }

  const requests = (metrics: Exposition, labels: Record<string, string> = {}) =>
    metrics.value('keyturn_requests_total', labels) ?? 0;

  /** The metrics before and after `act`, which makes so many requests. */
  async function around(act: () => Promise<unknown>, count = 1, route = '/v1/chat/completions') {
    const chats = (each: Exposition) => requests(each, { route });
    const before = await metricsAfter(() => true);
    await act();
    const after = await metricsAfter((each) => chats(each) >= chats(before) + count);
    return {
      after,
      grown: (name: string, labels?: Record<string, string>) =>
        (after.value(name, labels) ?? 0) - (before.value(name, labels) ?? 0),
    };
  }

  test('asks for its token', async () => {
    const without = await fetchMetrics();
    const wrong = await fetchMetrics({ authorization: 'Bearer not-the-token-at-all' });
    const right = await fetchMetrics({ authorization: `Bearer ${TOKEN}` });
    expect([without.status, wrong.status, right.status]).toEqual([401, 401, 200]);
    expect(right.headers.get('content-type')).toMatch(/^text\/plain; version=0\.0\.4/);
  });

  test('times every request, also those that call themselves the same', async () => {
    const headers = { 'x-request-id': 'the-same' };
    const asks = () => Promise.all([1, 2, 3, 4].map(() => cloud.stream({}, { headers })));
    const { grown } = await around(asks, 4);
    expect(grown('keyturn_overhead_seconds_count')).toBe(4);
    expect(grown('keyturn_overhead_seconds_sum')).toBeGreaterThan(0);
  });

  test('names and explains every metric by the rules of Prometheus', async () => {
    const { samples, types, helps } = await metricsAfter(() => true);
    for (const { name } of samples) {
      const metric = types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
      expect(types.get(metric), name).toBeDefined();
      expect(helps.get(metric), name).toMatch(/\w{3,}/);
    }
    for (const [name, type] of types) {
      if (!/^(keyturn|gen_ai|http)_/.test(name)) continue;
      expect(name.endsWith('_total'), name).toBe(type === 'counter');
    }
  });

  test('counts a whole answer by route, status and who gave it, with its tokens', async () => {
    let usage: { completion_tokens: number; prompt_tokens: number } | null | undefined;
    const { grown } = await around(async () => {
      usage = completion(await cloud.ask({})).usage;
    });
    const labels = { route: '/v1/chat/completions', status: '200', served_by: `groq/${MAIN}` };
    expect(grown('keyturn_requests_total', labels)).toBe(1);
    const model = { gen_ai_provider_name: 'groq', gen_ai_response_model: MAIN };
    const output = { gen_ai_token_type: 'output', ...model };
    expect(grown('gen_ai_client_token_usage_count', output)).toBe(1);
    expect(grown('gen_ai_client_token_usage_sum', output)).toBe(usage?.completion_tokens);
    const input = { ...output, gen_ai_token_type: 'input' };
    expect(grown('gen_ai_client_token_usage_sum', input)).toBe(usage?.prompt_tokens);
    expect(grown('gen_ai_server_time_to_first_token_seconds_count')).toBe(0);
  });

  test('measures the first token of a stream, and its own overhead apart from the provider', async () => {
    cloud.lab.script(MAIN, [{ fault: 'stall', times: 1, tokens: 0, ms: 200 }]);
    const { grown } = await around(() => cloud.stream({}));
    cloud.lab.reset();
    const model = { gen_ai_provider_name: 'groq', gen_ai_response_model: MAIN };
    expect(grown('gen_ai_server_time_to_first_token_seconds_count', model)).toBe(1);
    expect(grown('gen_ai_server_time_to_first_token_seconds_sum', model)).toBeGreaterThan(0.19);
    expect(grown('http_server_request_duration_seconds_sum')).toBeGreaterThan(0.19);
    expect(grown('keyturn_overhead_seconds_count')).toBe(1);
    expect(grown('keyturn_overhead_seconds_sum')).toBeGreaterThan(0);
    expect(grown('keyturn_overhead_seconds_sum')).toBeLessThan(0.15);
  });

  test.for([false, true])(
    'counts no prompt’s answer as overhead of the next (stream: %j)',
    async (stream) => {
      cloud.lab.script(MAIN, [{ fault: 'stall', times: 3, tokens: 0, ms: 200 }]);
      const body = { prompt: ['One', 'Two', 'Three'], stream };
      const asks = () => cloud.ask(body, { path: '/v1/completions' });
      const { grown } = await around(asks, 1, '/v1/completions');
      cloud.lab.reset();
      expect(grown('http_server_request_duration_seconds_sum')).toBeGreaterThan(0.5);
      expect(grown('keyturn_overhead_seconds_sum')).toBeLessThan(0.15);
    },
  );

  test('counts failed attempts, retries and fallbacks by cause', async () => {
    cloud.lab.script(MAIN, ['500']);
    const { grown } = await around(() => cloud.ask({}));
    cloud.lab.reset();
    expect(grown('keyturn_attempt_failures_total', { model: MAIN, cause: '500' })).toBe(3);
    expect(grown('keyturn_retries_total', { model: MAIN })).toBe(2);
    expect(grown('keyturn_fallbacks_total', { cause: '500' })).toBe(1);
    expect(grown('keyturn_requests_total', { served_by: `groq/${SECOND}` })).toBe(1);
  });

  test('counts rescues by kind and outcome', async () => {
    cloud.lab.script(MAIN, [{ fault: 'cut', times: 1, tokens: 4 }]);
    const { grown } = await around(() => cloud.stream({}));
    cloud.lab.reset();
    expect(grown('keyturn_rescues_total', { kind: 'cut', outcome: 'rescued' })).toBe(1);
  });

  test('counts the malformed events that are left out of a stream', async () => {
    cloud.lab.script(MAIN, ['malformed']);
    const { grown } = await around(() => cloud.stream({}));
    cloud.lab.reset();
    expect(grown('keyturn_malformed_events_total', { model: MAIN })).toBe(1);
    expect(grown('keyturn_attempt_failures_total')).toBe(0);
  });

  test('counts refusals by their code', async () => {
    const { grown } = await around(() => cloud.ask({ temperature: 9 }));
    expect(grown('keyturn_errors_total', { code: 'invalid_request' })).toBe(1);
  });

  test('shows key, limits, breakers and local model as they are', async () => {
    const { after } = await around(() => cloud.ask({}));
    const week = 7 * 24 * 3600;
    const age = after.value('keyturn_key_age_seconds') ?? -1;
    const left = after.value('keyturn_key_seconds_left') ?? -1;
    expect(age).toBeGreaterThan(0);
    expect(age + left).toBeCloseTo(week, 0);
    expect(after.value('keyturn_breaker_state', { model: MAIN, state: 'closed' })).toBe(1);
    expect(after.value('keyturn_breaker_state', { model: MAIN, state: 'open' })).toBe(0);
    expect(after.value('keyturn_limit_remaining', { model: MAIN, window: 'rpd' })).toBeLessThan(
      after.value('keyturn_limit', { model: MAIN, window: 'rpd' }) ?? 0,
    );
    expect(after.value('keyturn_local_state')).toBe(1);
    expect(after.value('keyturn_local_queue_limit')).toBe(8);
    expect(after.value('keyturn_local_queue_longest_wait_seconds')).toBe(0);
    expect(after.value('process_resident_memory_bytes')).toBeGreaterThan(20e6);
    expect(after.value('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0);
  });

  test('a caller cannot make new series', async () => {
    const strange = (number: number) => [
      cloud.ask({ model: `lab/healthy#${number}` }),
      cloud.ask({ model: `lab/500#${number}` }, { headers: { 'x-fallback': 'off' } }),
      cloud.ask({ model: `no/such-model-${number}` }),
      fetch(`${cloud.server.url}/no/such/route/${number}`),
      fetch(`${cloud.server.url}/health`, { method: `PURGE${'X'.repeat(number)}` }).catch(() => 0),
    ];
    const series = ({ samples }: Exposition) =>
      samples
        .map(({ name, labels }) => `${name}${JSON.stringify(labels)}`)
        .filter((name) => !/^nodejs/.test(name));
    const { after } = await around(() => Promise.all(strange(1)), 3);
    const { after: later } = await around(() => Promise.all([2, 3, 4, 5].flatMap(strange)), 12);
    expect(series(later)).toEqual(series(after));
    expect(JSON.stringify(later.samples)).not.toMatch(/lab\/|such/);
  });
});

test("a model's name is whole in its labels, whatever it holds", async () => {
  const scratch = scratchFolder();
  const path = scratch.path('my own model.gguf');
  copyFileSync(EMBEDDED, path);
  const server = await startServer({ LOCAL_MODEL: path });
  await fetch(`${server.url}/local-chat`, {
    method: 'POST',
    headers: { 'x-api-key': await server.key(), 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'Hello' }),
  }).then((answer) => answer.text());
  const counted = { route: '/local-chat', served_by: 'local/my own model' };
  const value = await vi.waitFor(async () => {
    const text = await (await fetch(`${server.url}/metrics`)).text();
    const found = readExposition(text).value('keyturn_requests_total', { route: '/local-chat' });
    expect(found).toBe(1);
    return readExposition(text).value('keyturn_requests_total', counted);
  });
  await server.stop();
  scratch.remove();
  expect(value).toBe(1);
});
