import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import { hasTerminal } from '../cli/run-cli.ts';
import { completion } from '../support/answer.ts';
import { type Cloud, PROMPT, startCloud } from '../support/cloud.ts';
import { scratchFolder } from '../support/scratch.ts';

const MAIN = 'openai/gpt-oss-120b';

type Line = Readonly<Record<string, unknown>>;

describe('the log', () => {
  let cloud: Cloud;

  beforeAll(async () => {
    // There is no such setting; a log that knew it would show the prompt.
    cloud = await startCloud(
      { LOG_LEVEL: 'trace', LOG_PROMPTS: 'true', TRUST_PROXY: '1' },
      { answerTokens: 20, gapMs: 2 },
    );
  });
  afterAll(() => cloud.stop());

  const lines = (): Line[] =>
    cloud.server
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{'))
      .map((line) => JSON.parse(line));

  /** The line of one request, once it is there. */
  async function lineOf(id: string): Promise<Line> {
    const found = () => lines().filter((line) => line['id'] === id && line['msg'] === 'request');
    await vi.waitUntil(() => found().length > 0);
    expect(found()).toHaveLength(1);
    return found()[0] ?? {};
  }

  test('has one line a request: who answered, tokens, times, a hashed caller', async () => {
    const answer = await cloud.ask({}, { headers: { 'x-request-id': 'whole-one' } });
    const { usage } = completion(answer);
    expect(await lineOf('whole-one')).toEqual({
      level: 30,
      time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
      id: 'whole-one',
      method: 'POST',
      route: '/v1/chat/completions',
      status: 200,
      ms: expect.any(Number),
      firstByteMs: expect.any(Number),
      servedBy: `groq/${MAIN}`,
      promptTokens: usage?.prompt_tokens,
      completionTokens: usage?.completion_tokens,
      caller: expect.stringMatching(/^[0-9a-f]{12}$/),
      msg: 'request',
    });
  });

  test('tells the trail, and why each provider failed', async () => {
    cloud.lab.script(MAIN, ['503']);
    await cloud.stream({}, { headers: { 'x-request-id': 'with-trail' } });
    cloud.lab.reset();
    const { trail, servedBy } = await lineOf('with-trail');
    expect(servedBy).toBe('groq/openai/gpt-oss-20b');
    expect(trail).toBe(`groq/${MAIN}:503, groq/openai/gpt-oss-20b`);
  });

  test('tells a stream that could not be finished, and a caller who hung up', async () => {
    cloud.lab.script('*', [{ fault: 'cut', tokens: 3 }]);
    await cloud.stream({ tools: [{ type: 'function' }] }, { headers: { 'x-request-id': 'cut' } });
    cloud.lab.reset();
    expect(await lineOf('cut')).toMatchObject({ broken: expect.any(String), status: 200 });

    const controller = new AbortController();
    const messages = [{ role: 'user', content: '[tokens=5000]' }];
    const headers = { 'x-request-id': 'gone' };
    const open = cloud.open({ stream: true, messages }, { headers, signal: controller.signal });
    await open;
    controller.abort();
    expect(await lineOf('gone')).toMatchObject({ hungUp: true });
  });

  test('tells callers apart without naming them', async () => {
    const from = async (address: string, id: string) => {
      await cloud.ask({}, { headers: { 'x-forwarded-for': address, 'x-request-id': id } });
      return (await lineOf(id))['caller'];
    };
    const first = await from('203.0.113.7', 'caller-1');
    expect(await from('203.0.113.7', 'caller-2')).toBe(first);
    expect(await from('203.0.113.8', 'caller-3')).not.toBe(first);
    expect(cloud.server.output()).not.toContain('203.0.113');
  });

  test('never holds a key, a secret, a prompt or an answer, even at its most talkative', async () => {
    const secret = 'my cat is called Zanzibar';
    const wrongKey = 'sk-notTheRightKeyButSomebodysAllTheSame000000000000';
    const messages = [{ role: 'user', content: secret }];
    await cloud.ask({ messages });
    await cloud.stream({ messages }, { path: '/v1/chat/completions?prompt=Zanzibar' });
    await cloud.ask({ messages, temperature: secret });
    await cloud.ask({ messages }, { headers: { 'x-api-key': wrongKey } });
    await cloud.open(`{"messages": "${secret}`);
    await fetch(`${cloud.server.url}/current-key`, { headers: { 'admin-secret': wrongKey } });
    await cloud.ask({}, { headers: { 'x-request-id': 'after-secrets' } });
    await lineOf('after-secrets');
    const answer = cloud.lab.expected(messages);
    const output = cloud.server.output();
    for (const word of ['Zanzibar', PROMPT, wrongKey, answer.slice(0, 20), 'gsk_test_of']) {
      expect(output).not.toContain(word);
    }
  });

  test('leaves health checks and scrapes out', async () => {
    const { url } = cloud.server;
    await Promise.all(['/health', '/ready', '/metrics'].map((path) => fetch(url + path)));
    await cloud.ask({}, { headers: { 'x-request-id': 'after-probes' } });
    await lineOf('after-probes');
    expect(lines().filter(({ route }) => /health|ready|metrics/.test(String(route)))).toEqual([]);
  });
});

test.runIf(hasTerminal)('the log is readable in a terminal (needs util-linux script)', async () => {
  const scratch = scratchFolder();
  const main = fileURLToPath(new URL('../../dist/main.js', import.meta.url));
  const child = spawn('script', ['-qfec', `exec '${process.execPath}' '${main}'`, '/dev/null'], {
    env: {
      PATH: process.env['PATH'],
      ...{ SHELL: '/bin/sh', TERM: 'xterm', PORT: '0', HOST: '127.0.0.1' },
      DATA_DIR: scratch.path('data'),
    },
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  let shown = '';
  child.stdout.on('data', (text) => {
    shown += text;
  });
  while (!/Chat with it/.test(shown)) await once(child.stdout, 'data');
  child.stdin.write('\u0003');
  await once(child, 'close');
  expect(shown).toMatch(/\[\d\d:\d\d:\d\d\].*INFO.*listening/);
  expect(shown).not.toContain('"level":30');
  expect(child.exitCode).toBe(0);
  scratch.remove();
});
