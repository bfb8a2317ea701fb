import { createHash } from 'node:crypto';
import { afterAll, expect, test } from 'vitest';
import { endingOf } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { upstreamThatSays } from '../support/upstream.ts';

const cloud = await startCloud({ LOCAL_MODEL: 'none' });
afterAll(cloud.stop);
const { lab, open, ask, attempts } = cloud;

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');

test.for(['/v1/chat/completions', '/chat/completions', '/chat'])(
  'a body that needs no rewriting arrives upstream byte for byte (%s)',
  async (path) => {
    const model = `lab/healthy#bytes${path}`;
    const body = `{ "stream":true,\n\t"model" : "${model}", "messages":[{"content":"Füße \\u00fc 🚀","role":"user"}],"temperature":1.0 ,"user":"\\u0041" }`;
    const response = await open(body, { path });
    expect(response.status).toBe(200);
    await response.text();
    expect(attempts(model)[0]?.bodySha256).toBe(sha256(body));
  },
);

test('fields that nobody here knows go upstream as they came, also when the body is rewritten', async () => {
  const body = {
    messages: [{ role: 'user', content: PROMPT }],
    reasoning_effort: 'low',
    service_tier: 'auto',
    search_settings: { include: ['b', 1.5, null] },
    parallel_tool_calls: false,
  };
  const answer = await ask({ ...body, models: ['lab/healthy#unknown'] });
  expect(answer.status).toBe(200);
  expect(attempts('lab/healthy#unknown')[0]?.body).toEqual({
    ...body,
    model: 'lab/healthy#unknown',
  });
});

test('a prompt and a system text become messages', async () => {
  await ask({ prompt: 'Hi', system: 'Be kind.', model: 'lab/healthy#prompt' }, { path: '/chat' });
  expect(attempts('lab/healthy#prompt')[0]?.body).toEqual({
    model: 'lab/healthy#prompt',
    messages: [
      { role: 'system', content: 'Be kind.' },
      { role: 'user', content: 'Hi' },
    ],
  });
});

test('a healthy stream and a healthy whole answer arrive byte for byte', async () => {
  const said = await upstreamThatSays(
    'text/event-stream',
    'data: {"id":"1","object":"chat.completion.chunk","choices":[{"index":0,"delta":{"role":"assistant","content":""}}]}\n\n' +
      'data: {"choices":[ {"index":0,  "delta":{"content":"\\u00fc ü 🚀"},"odd":[1.0]}],"id":"1"}\n\n' +
      'data: {"id":"1","choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"x_groq":{"id":"r","usage":{"prompt_tokens":1,"completion_tokens":2,"total_tokens":3}}}\n\n' +
      'data: [DONE]\n\n',
  );
  const streamed = await startCloud({ GROQ_BASE_URL: said.url });
  const answer = await streamed.stream({ model: 'm' });
  await streamed.stop();
  said.close();
  expect(endingOf(answer)).toBe('whole');
  expect(answer.text).toBe(said.text);

  const json = await upstreamThatSays(
    'application/json',
    '{ "id":"1","model" : "m",\n "choices":[{"message":{"content":"\\u00fc","role":"assistant"},"finish_reason":"stop"}],"usage": {"prompt_tokens":1,"completion_tokens":2,"total_tokens":3},"odd":1.0 }',
  );
  const whole = await startCloud({ GROQ_BASE_URL: json.url });
  const wholeAnswer = await whole.ask({ model: 'm' });
  await whole.stop();
  json.close();
  expect(wholeAnswer.text).toBe(json.text);
  expect(wholeAnswer.headers.get('x-served-by')).toBe('groq/m');
});

test('the provider’s rate-limit headers reach the caller, its other headers don’t', async () => {
  const answer = await ask({ model: 'lab/healthy#headers' });
  for (const kind of ['requests', 'tokens']) {
    for (const word of ['limit', 'remaining', 'reset']) {
      expect(answer.headers.get(`x-ratelimit-${word}-${kind}`)).not.toBeNull();
    }
  }
  expect(answer.headers.get('server')).toBeNull();
  expect(answer.headers.get('x-groq-region')).toBeNull();
  expect(answer.headers.get('x-request-id')).toMatch(/^req_[0-9a-f-]{36}$/);
});

test('the caller’s key never goes upstream, and Groq’s never to the caller', async () => {
  const answer = await ask({ model: 'lab/healthy#keys' });
  const [attempt] = attempts('lab/healthy#keys');
  expect(attempt?.key).toBe('gsk_test_of_the_faults');
  expect(attempt?.headers).not.toHaveProperty('x-api-key');
  expect(JSON.stringify(attempt?.headers)).not.toContain('sk-');
  expect(answer.text + JSON.stringify([...answer.headers])).not.toContain('gsk_');
  expect(lab.attempts.length).toBeGreaterThan(0);
});
