import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, PROMPT, startCloud } from '../support/cloud.ts';
import { scratchFolder } from '../support/scratch.ts';
import { freePort, has, runTool, type Tool, textOf } from './tool.ts';

const GAP_MS = 60;
const TOKENS = 15;

type Proxy = {
  readonly name: string;
  /** Writes what deploy/ says, for these ports and without TLS; returns how to run it. */
  readonly configure: (path: string, port: number, upstream: string) => string[];
};

const proxies: readonly Proxy[] = [
  {
    name: 'caddy',
    configure: (path, port, upstream) => {
      const site = textOf('deploy/Caddyfile')
        .replace('chat.example.org', `http://127.0.0.1:${port}`)
        .replace('127.0.0.1:3000', upstream);
      writeFileSync(path, `{\n\tadmin off\n}\n${site}`);
      return ['run', '--adapter', 'caddyfile', '--config', path];
    },
  },
  {
    name: 'nginx',
    configure: (path, port, upstream) => {
      const site = textOf('deploy/nginx.conf')
        .replace('443 ssl', `127.0.0.1:${port}`)
        .replaceAll(/^ *ssl_.*$/gm, '')
        .replace('127.0.0.1:3000', upstream);
      writeFileSync(
        path,
        `pid ${path}.pid; error_log stderr; events {} http { access_log off; client_body_temp_path ${path}.body; ${site} }`,
      );
      return ['-c', path, '-g', 'daemon off;'];
    },
  },
];

describe.each(proxies)('behind $name, set up as in deploy/', ({ name, configure }) => {
  if (!has(name)) {
    test.skip(`needs ${name} (apt-get install ${name})`, () => undefined);
    return;
  }
  const scratch = scratchFolder();
  let cloud: Cloud;
  let proxy: Tool;
  let url: string;
  let key: string;

  beforeAll(async () => {
    cloud = await startCloud(
      { TRUST_PROXY: '1', STREAM_IDLE_TIMEOUT_MS: '10000', FIRST_TOKEN_TIMEOUT_MS: '10000' },
      { answerTokens: TOKENS, gapMs: GAP_MS },
    );
    key = await cloud.server.key();
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const args = configure(scratch.path(`${name}.conf`), port, new URL(cloud.server.url).host);
    proxy = await runTool(name, args, async () => (await fetch(`${url}/health`)).ok);
  });
  afterAll(async () => {
    await proxy.stop();
    await cloud.stop();
    scratch.remove();
  });

  const post = (body: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': key, 'content-type': 'application/json', ...headers },
      body: JSON.stringify({ messages: [{ role: 'user', content: PROMPT }], ...body }),
    });

  test("a stream's events arrive one by one", async () => {
    const answer = await post({ stream: true });
    const arrivals: number[] = [];
    let text = '';
    for await (const bytes of answer.body ?? []) {
      arrivals.push(performance.now());
      text += Buffer.from(bytes).toString();
    }
    const took = (arrivals.at(-1) ?? 0) - (arrivals[0] ?? 0);
    expect(text.endsWith('data: [DONE]\n\n')).toBe(true);
    expect(arrivals.length).toBeGreaterThan(TOKENS / 2);
    expect(took).toBeGreaterThan((TOKENS * GAP_MS) / 2);
  });

  test('a caller is known by its own address, whatever it claims to be', async () => {
    const claims = { 'x-forwarded-for': '198.51.100.1', 'x-request-id': `${name}-claims` };
    await (await post({}, claims)).text();
    await (await post({}, { 'x-request-id': `${name}-plain` })).text();
    const callerOf = (id: string) =>
      new RegExp(`"id":"${id}".*"caller":"(\\w+)"`).exec(cloud.server.output())?.[1];
    await expect.poll(() => callerOf(`${name}-plain`)).toBeDefined();
    expect(callerOf(`${name}-claims`)).toBe(callerOf(`${name}-plain`));
  });

  test('a body of many megabytes passes', async () => {
    const image = { type: 'image_url', image_url: { url: `data:,${'x'.repeat(6 * 1024 * 1024)}` } };
    const answer = await post({ messages: [{ role: 'user', content: [image] }] });
    expect(answer.status).not.toBe(413);
    await answer.text();
  });
});
