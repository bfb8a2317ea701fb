import { afterAll, expect, test } from 'vitest';
import { completion, errorIn, said } from '../support/answer.ts';
import { fieldOf, PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ LOCAL_MODEL: 'none' });
afterAll(cloud.stop);
const { lab, ask, stream, attempts } = cloud;

test.for([
  ['policy', 'content_policy_violation'],
  ['bad-request', 'invalid_request_error'],
])('a %s is passed on in the provider’s own words after one attempt', async ([fault, word]) => {
  for (const send of [ask, stream]) {
    const model = `lab/${fault}#${send === ask ? 'whole' : 'streamed'}`;
    const before = lab.attempts.length;
    const answer = await send({ model });
    expect(answer.status).toBe(400);
    expect(answer.text).toContain(word);
    expect(lab.attempts.slice(before).map((attempt) => attempt.model)).toEqual([model]);
  }
});

test('the param and message of a refusal arrive as the provider wrote them', async () => {
  const answer = await ask({ model: 'lab/bad-request#param' });
  expect(completion(answer)).toEqual({
    error: {
      message: "'temperature' : must be at most 2",
      type: 'invalid_request_error',
      param: 'temperature',
      code: null,
    },
  });
});

test('a prompt that is too long for a model is not sent there again, nor to one as small', async () => {
  lab.script('openai/gpt-oss-20b', ['context']);
  const before = lab.attempts.length;
  const answer = await ask({ models: ['openai/gpt-oss-20b', 'openai/gpt-oss-120b'] });
  expect(answer.status).toBe(400);
  expect(errorIn(answer)).toMatchObject({
    code: 'context_length_exceeded',
    message: 'Please reduce the length of the messages or completion.',
  });
  expect(lab.attempts.slice(before).map(({ model }) => model)).toEqual(['openai/gpt-oss-20b']);
  lab.script('openai/gpt-oss-20b', ['healthy']);
});

test('a prompt that is too long for one model goes to one whose context may be longer', async () => {
  const models = ['lab/context#small', 'lab/healthy#large'];
  const answer = await ask({ models });
  expect(said(answer)).toBe(lab.expected(PROMPT));
  expect(answer.headers.get('x-fallback-trail')).toBe(
    'groq/lab/context#small:context, groq/lab/healthy#large',
  );
  expect(attempts('lab/context#small')).toHaveLength(1);
});

test('after a 413 max_tokens is lowered once to what the limit allows, and the answer says so', async () => {
  const answer = await ask({ model: 'lab/413:limit=4000', max_tokens: 8192 });
  expect(said(answer)).toBe(lab.expected(PROMPT));
  expect(answer.headers.get('x-max-tokens-clamped')).toBe('4000');
  const asked = attempts('lab/413:limit=4000').map(({ body }) => fieldOf(body, 'max_tokens'));
  expect(asked).toEqual([8192, 4000]);
});

test('max_completion_tokens is lowered under its own name', async () => {
  const model = 'lab/413:limit=3000#completion';
  await stream({ model, max_completion_tokens: 8192 });
  expect(attempts(model).map(({ body }) => body)).toMatchObject([
    { max_completion_tokens: 8192 },
    { max_completion_tokens: 3000 },
  ]);
});

test('a lowered max_tokens stays lowered when that attempt has to be repeated', async () => {
  lab.script('m413', ['413', '500', '413']);
  const answer = await ask({ model: 'm413', max_tokens: 8192 });
  expect(said(answer)).toBe(lab.expected(PROMPT));
  const asked = attempts('m413').map(({ body }) => fieldOf(body, 'max_tokens'));
  expect(asked).toEqual([8192, 4000, 4000]);
});

test('a 413 that no max_tokens explains sends the request on to the next model', async () => {
  const model = 'lab/413:limit=-1';
  const answer = await ask({ model });
  expect(answer.headers.get('x-fallback-trail')).toBe(
    `groq/${model}:limit, groq/openai/gpt-oss-120b`,
  );
  expect(attempts(model)).toHaveLength(1);
});

test('a request that is larger than any limit is refused as such: no retry-after promises anything', async () => {
  const alone = await ask(
    { model: 'lab/413:limit=-1#alone' },
    { headers: { 'x-fallback': 'off' } },
  );
  expect(alone.status).toBe(413);
  expect(alone.headers.get('retry-after')).toBeNull();
  expect(errorIn(alone)).toMatchObject({ type: 'tokens', code: 'rate_limit_exceeded' });

  const models = ['lab/413:limit=-1#beside', 'lab/429:retryAfter=60#beside'];
  const beside = await ask({ models }, { headers: { 'x-fallback': 'local-off' } });
  expect(beside.status).toBe(429);
  expect(Number(beside.headers.get('retry-after'))).toBeGreaterThan(50);
});
