import { Readable } from 'node:stream';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { endingOf, streamed } from '../support/answer.ts';
import { errorOf } from '../support/api-error.ts';
import { type Cloud, fieldOf, startCloud } from '../support/cloud.ts';

const LARGE = 'openai/gpt-oss-120b';
const SMALL = 'openai/gpt-oss-20b';

/** Prose and code, with what JSON has to escape and characters of all lengths. */
const PROMPT = 'He said "no", and left.\n\tconst größe = "中文\\n😀";\n'.repeat(4_000);
const messages = [
  { role: 'system', content: 'Be short.' },
  { role: 'user', content: [{ type: 'text', text: PROMPT }] },
];

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ BREAKER_PROBE_MS: '1', GROQ_LIMITS: 'off' });
});
afterAll(() => cloud.stop());
afterEach(() => cloud.lab.reset());

describe('a long prompt', () => {
  it('goes on to the provider in the very bytes in which it came', async () => {
    const body = JSON.stringify({ messages, model: LARGE }, null, 1);
    const answer = await cloud.open(body);
    expect(answer.headers.get('x-served-by')).toBe(`groq/${LARGE}`);
    expect(cloud.attempts(LARGE).map(({ rawBody }) => rawBody.toString() === body)).toEqual([true]);
  });

  it('goes on as it came also where it was sent in pieces, without its length', async () => {
    const body = JSON.stringify({ messages, model: LARGE });
    const bytes = Buffer.from(body);
    const pieces = Array.from({ length: bytes.length / 9_000 + 1 }, (_, index) =>
      bytes.subarray(index * 9_000, (index + 1) * 9_000),
    );
    const answer = await fetch(`${cloud.server.url}/v1/chat/completions`, {
      method: 'POST',
      headers: { 'x-api-key': await cloud.server.key(), 'content-type': 'application/json' },
      body: Readable.toWeb(Readable.from(pieces)),
      duplex: 'half',
    } as RequestInit);
    expect(answer.status).toBe(200);
    expect(cloud.attempts(LARGE).map(({ rawBody }) => rawBody.toString() === body)).toEqual([true]);
  });

  it('is sent with every word where another model has to be named', async () => {
    await cloud.ask({ model: 'gpt-4o', messages });
    expect(cloud.attempts(LARGE).map(({ body }) => body)).toEqual([{ model: LARGE, messages }]);
  });

  it('is told as a whole to the model that carries on a broken stream', async () => {
    cloud.lab.script(LARGE, ['cut']);
    const answer = await cloud.stream({ model: LARGE, messages });
    expect(endingOf(answer)).toBe('whole');
    expect(streamed(answer)).toBe(cloud.lab.expected(messages));
    const [rescuer] = cloud.attempts(SMALL);
    expect(fieldOf(rescuer?.body, 'messages')).toMatchObject([...messages, { role: 'assistant' }]);
  });

  it.each([
    ['an escape that JSON does not know', '\\q'],
    ['a raw line break', '\n'],
  ])('with %s in its midst is refused and not sent', async (_what, fault) => {
    const body = JSON.stringify({ model: LARGE, messages });
    const midst = body.indexOf('left', body.length / 2);
    const answer = await cloud.open(`${body.slice(0, midst)}${fault}${body.slice(midst)}`);
    expect(await errorOf(answer)).toMatchObject({ status: 400, code: 'invalid_json' });
    expect(cloud.lab.attempts).toEqual([]);
  });
});
