import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:http';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { dice } from '../support/dice.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** What makes a body one of its own: long, and different in every place from others. */
function text(seed: string, length: number): string {
  const word = createHash('sha256').update(seed).digest('hex');
  return word.repeat(Math.ceil(length / word.length)).slice(0, length);
}

const met = new Set<string>();

/** A provider whose answer is as long as the question, and made of all of it; some it wants to hear twice. */
const upstream = createServer((request, response) => {
  const parts: Buffer[] = [];
  request.on('data', (part: Buffer) => parts.push(part));
  request.on('end', () => {
    const sent = Buffer.concat(parts).toString();
    const { messages, stream } = JSON.parse(sent);
    const { content } = messages[0];
    const said = text(content, content.length);
    const [wait = 0, chance = 0] = createHash('sha256').update(sent).digest();
    if (chance < 64 && !met.has(sent)) {
      met.add(sent);
      response.statusCode = 408;
      return response.end('{}');
    }
    setTimeout(() => (stream ? streamed(said) : whole(said)), wait / 10);
  });

  function whole(content: string): void {
    const message = { role: 'assistant', content };
    const usage = { prompt_tokens: 1, completion_tokens: 1, total_tokens: 2 };
    response.setHeader('content-type', 'application/json');
    const choices = [{ index: 0, message, finish_reason: 'stop' }];
    response.end(JSON.stringify({ id: 'x', model: 'm', choices, usage }));
  }

  function streamed(content: string): void {
    response.setHeader('content-type', 'text/event-stream');
    const event = (delta: object, finish_reason: string | null) =>
      `data: ${JSON.stringify({ id: 'x', model: 'm', choices: [{ index: 0, delta, finish_reason }] })}\n\n`;
    response.write(event({ role: 'assistant', content }, null));
    response.end(`${event({}, 'stop')}data: [DONE]\n\n`);
  }
});

let server: TestServer;
let key: string;

beforeAll(async () => {
  await once(upstream.listen(0, '127.0.0.1'), 'listening');
  const address = upstream.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  server = await startServer({
    GROQ_API_KEY: 'gsk_x',
    GROQ_BASE_URL: `http://127.0.0.1:${port}/openai/v1`,
    GROQ_LIMITS: 'off',
    CACHE_TTL_S: '60',
    LOCAL_MODEL: 'none',
  });
  key = await server.key();
});
afterAll(async () => {
  await server.stop();
  upstream.close();
});

function post(body: object, signal?: AbortSignal): Promise<Response> {
  return fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json', 'x-fallback': 'off' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
}

async function ask(body: object, signal?: AbortSignal): Promise<string> {
  return (await post(body, signal)).text();
}

it('of hundreds of long prompts and answers at a time, each stays with its own caller', async () => {
  const random = dice(7);
  const one = async (number: number) => {
    const content = text(`${number}`, 65_000 + random.below(400_000));
    const stream = number % 3 === 1;
    const messages = [{ role: 'user', content }];
    const question = { model: 'm', messages, stream, temperature: 0.5 };
    const leaves = number % 7 === 3;
    const signal = leaves ? AbortSignal.timeout(1 + random.below(20)) : undefined;
    const answer = await ask(question, signal).catch(() => undefined);
    if (answer === undefined) return leaves;
    return answer.includes(text(content, content.length));
  };
  const results: boolean[] = [];
  let next = 0;
  await Promise.all(
    Array.from({ length: 25 }, async () => {
      while (next < 300) results.push(await one(next++));
    }),
  );
  expect(results).toHaveLength(300);
  expect(results.filter((isRight) => !isRight)).toEqual([]);
}, 60_000);

it('a kept answer is as it was, whatever was asked in between', async () => {
  const question = (name: string) => ({
    model: 'm',
    messages: [{ role: 'user', content: text(name, 150_000) }],
    temperature: 0,
    seed: 1,
  });
  const first = await ask(question('kept'));
  for (let other = 0; other < 20; other += 1) await ask(question(`other ${other}`));
  const again = await post(question('kept'));
  expect(again.headers.get('x-cache')).toBe('hit');
  expect(await again.text()).toBe(first);
  expect(first).toContain(text(text('kept', 150_000), 150_000));
});
