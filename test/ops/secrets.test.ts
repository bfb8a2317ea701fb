import { expect, it, vi } from 'vitest';
import { startServer } from '../support/server.ts';

const PROMPT = 'a prompt that nobody else may read';
const SEED = 'a seed that nobody else may read';
const GROQ_KEY = 'gsk_nobody_else_may_read_this';
const WRONG = 'sk-a-wrong-key-that-may-be-a-right-one-elsewhere';

it('no key, secret, seed or prompt is ever written, but for the first banner', async () => {
  const common = {
    ADMIN_SECRET: '',
    GROQ_API_KEY: GROQ_KEY,
    GROQ_BASE_URL: 'http://127.0.0.1:9/v1',
  };
  for (const mode of [{}, { KEY_SEED: SEED }]) {
    const server = await startServer({ ...common, LOG_LEVEL: 'trace', ...mode });
    await vi.waitUntil(() => server.output().includes('Who are you?'), { timeout: 10_000 });
    const [adminSecret = ''] = /(?<=key shows it again\):\n {2})\S+/.exec(server.output()) ?? [];
    const send = async (path: string, init: RequestInit = {}): Promise<string> =>
      (await fetch(`${server.url}${path}`, { method: 'POST', ...init })).text();
    const keys: string[] = [];
    for (let turn = 0; turn < 3; turn++) {
      const issued = await send('/rotate-key', { headers: { 'admin-secret': adminSecret } });
      keys.push((JSON.parse(issued) as { api_key: string }).api_key);
    }
    const body = JSON.stringify({ prompt: PROMPT, max_tokens: 4 });
    for (const key of [...keys, WRONG, adminSecret, GROQ_KEY]) {
      const headers = { 'x-api-key': key, 'content-type': 'application/json' };
      await send('/chat', { headers, body });
      await send('/chat', { headers, body: body.slice(0, -1) });
      await send('/v1/chat/completions', { headers, body });
      await send('/v1/chat/completions', { headers, body: JSON.stringify({ messages: PROMPT }) });
      await send(`/nothing?key=${key}`, { headers });
      await send('/rotate-key', { headers: { 'admin-secret': key.slice(1) } });
      await send('/chat', { headers: { ...headers, 'x-request-id': `${key} ${PROMPT}` }, body });
      await send('/chat', { headers: { ...headers, 'x-request-id': key }, body });
    }
    const health = await (await fetch(`${server.url}/health`)).text();
    await server.stop();
    const [banner = ''] =
      /\nkeyturn [\s\S]*?"prompt":"Who are you\?"\}'\n/.exec(server.output()) ?? [];
    expect(banner.split(adminSecret)).toHaveLength(3);
    const rest = `${server.output().replace(banner, '')}\n${health}`;
    expect(rest).toContain('"status":401');
    for (const secret of [...keys, WRONG, adminSecret, GROQ_KEY, SEED, PROMPT]) {
      expect(secret.length).toBeGreaterThan(15);
      expect(rest).not.toContain(secret);
    }
  }
});
