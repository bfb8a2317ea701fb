import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { runCli } from './run-cli.ts';

describe('keyturn ask', () => {
  let cloud: Cloud;
  let settings: Record<string, string>;

  beforeAll(async () => {
    cloud = await startCloud({}, { answerTokens: 12, gapMs: 1 });
    settings = { KEYTURN_URL: cloud.server.url, KEYTURN_KEY: await cloud.server.key() };
  });
  afterAll(() => cloud.stop());

  test('prints the answer and nothing else', async () => {
    const { code, stdout, stderr } = await runCli(['ask', 'Why', 'blue?'], settings);
    expect(stdout).toBe(`${cloud.lab.expected('Why blue?')}\n`);
    expect([code, stderr]).toEqual([0, '']);
  });

  test('takes a pipe as well, after the question', async () => {
    const { stdout } = await runCli(['ask', 'what failed?'], settings, 'line one\nline two\n');
    expect(stdout).toBe(`${cloud.lab.expected('what failed?\n\nline one\nline two')}\n`);
  });

  test('prints the whole completion with --json', async () => {
    const { stdout } = await runCli(['ask', '--json', 'Why?'], settings);
    const { object, choices } = JSON.parse(stdout);
    expect(object).toBe('chat.completion');
    expect(choices[0].message.content).toBe(cloud.lab.expected('Why?'));
  });

  test('passes the options on', async () => {
    const options = ['-m', 'openai/gpt-oss-20b', '-s', 'Be brief.', '--max-tokens', '5'];
    await runCli(['ask', ...options, '--temperature', '0', 'Why?'], settings);
    const sent = cloud.attempts('openai/gpt-oss-20b').at(-1)?.rawBody.toString() ?? '{}';
    expect(JSON.parse(sent)).toMatchObject({
      temperature: 0,
      max_tokens: 5,
      messages: [
        { role: 'system', content: 'Be brief.' },
        { role: 'user', content: 'Why?' },
      ],
    });
  });

  test('knows the names that users of similar tools know', async () => {
    const { url } = cloud.server;
    const familiar = {
      GROQ_SERVER_URL: `${url}/`,
      GROQ_API_TOKEN: await cloud.server.key(),
      GROQ_MODEL: 'openai/gpt-oss-20b',
    };
    const before = cloud.attempts('openai/gpt-oss-20b').length;
    const { code } = await runCli(['ask', 'Why?'], familiar);
    expect(code).toBe(0);
    expect(cloud.attempts('openai/gpt-oss-20b')).toHaveLength(before + 1);
  });

  test('fetches the key with the admin secret when the given one has turned', async () => {
    const old = await cloud.server.key();
    const asAdmin = {
      KEYTURN_URL: cloud.server.url,
      KEYTURN_ADMIN_SECRET: cloud.server.adminSecret,
    };
    const turned = await runCli(['key', '--rotate'], asAdmin);
    expect(turned.stdout).toMatch(/^key: +sk-\w{48}\nvalid until: .* \(6 d 23 h\)\n$/);
    settings = { ...settings, KEYTURN_KEY: await cloud.server.key() };
    const { code } = await runCli(['ask', 'Why?'], { ...asAdmin, KEYTURN_KEY: old });
    expect(code).toBe(0);
  });

  test.each([
    ['2, wrong usage', 2, ['ask', '--nonsense'], {}],
    ['2, nothing asked', 2, ['ask'], {}],
    ['2, an unknown command', 2, ['sing'], {}],
    ['3, no server', 3, ['ask', 'Why?'], { KEYTURN_URL: 'http://127.0.0.1:1' }],
    ['4, a wrong key', 4, ['ask', 'Why?'], { KEYTURN_KEY: 'sk-wrong' }],
    ['1, a refusal', 1, ['ask', '--temperature', '5', 'Why?'], {}],
  ])('ends with %s', async (_name, expected, args, extra: Record<string, string>) => {
    const noDisk = { DATA_DIR: '/nonexistent' };
    const { code, stdout, stderr } = await runCli(args, { ...settings, ...noDisk, ...extra });
    expect(code).toBe(expected);
    expect(stdout).toBe('');
    expect(stderr).toMatch(/^keyturn: \S.*/);
    expect(stderr).not.toContain('    at ');
  });

  test('ends with 1 when the answer broke off, and shows what came', async () => {
    cloud.lab.script('openai/gpt-oss-120b', [{ fault: 'cut', times: 1, tokens: 4 }, '500']);
    cloud.lab.script('openai/gpt-oss-20b', ['500']);
    const { code, stdout, stderr } = await runCli(['ask', 'Why?'], settings);
    cloud.lab.reset();
    expect(code).toBe(1);
    expect(stdout.length).toBeGreaterThan(0);
    expect(stderr).toMatch(/The answer broke off/);
  });

  test('ends with 5 when it may be tried again later, and says when', async () => {
    const busy = createServer((_request, response) => {
      response.writeHead(503, { 'retry-after': '7' });
      response.end(JSON.stringify({ error: { message: 'The local queue is full.' } }));
    }).listen(0, '127.0.0.1');
    await once(busy, 'listening');
    const { port } = busy.address() as AddressInfo;
    const { code, stderr } = await runCli(['ask', 'Why?'], {
      ...settings,
      KEYTURN_URL: `http://127.0.0.1:${port}`,
    });
    busy.close();
    expect([code, stderr]).toEqual([5, 'keyturn: The local queue is full. (in 7 s)\n']);
  });

  test('carries no key to where a server redirects', async () => {
    let isAsked = false;
    const other = createServer((_request, response) => {
      isAsked = true;
      response.end('{}');
    }).listen(0, '127.0.0.1');
    await once(other, 'listening');
    const there = `http://127.0.0.1:${(other.address() as AddressInfo).port}`;
    const moved = createServer((request, response) => {
      response.writeHead(308, { location: there + request.url }).end();
    }).listen(0, '127.0.0.1');
    await once(moved, 'listening');
    const url = `http://127.0.0.1:${(moved.address() as AddressInfo).port}`;
    const { code, stderr } = await runCli(['ask', 'Why?'], { ...settings, KEYTURN_URL: url });
    other.close();
    moved.close();
    expect([code, isAsked]).toEqual([3, false]);
    expect(stderr).toBe(
      `keyturn: ${url} redirects to ${there}. Set KEYTURN_URL to where the server really is.\n`,
    );
  });
});
