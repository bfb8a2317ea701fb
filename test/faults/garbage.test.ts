import { afterAll, expect, onTestFinished, test } from 'vitest';
import { completion, endingOf, said, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { upstreamThatSays } from '../support/upstream.ts';

const cloud = await startCloud({
  LOCAL_MODEL: 'none',
  RETRY_ATTEMPTS: '2',
  GROQ_TIMEOUT_MS: '2500',
});
afterAll(cloud.stop);
const { lab, ask, stream, attempts } = cloud;

const MAIN = 'openai/gpt-oss-120b';
const EVERYWHERE = ['html', 'html-as-json', 'empty', 'null', 'other-json', 'gzip-cut', 'redirect'];

test.concurrent.for([...EVERYWHERE, 'empty-stream', 'not-sse'])(
  'a 200 that is no answer (%s) is never handed on as one',
  async (fault) => {
    const model = `lab/${fault}`;
    const answer = await ask({ model });
    expect(said(answer)).toBe(lab.expected(PROMPT));
    expect(completion(answer).model).toBe(MAIN);
    expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${model}:garbage, groq/${MAIN}`);
    expect(attempts(model)).toHaveLength(2);
  },
);

test.concurrent.for([
  ...EVERYWHERE,
  ...['not-sse', 'whole-for-stream', 'empty-stream', 'done-only', 'role-only'],
])('a stream that is none (%s) is never handed on as one', async (fault) => {
  const model = `lab/${fault}#stream`;
  const answer = await stream({ model });
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
  const cause = fault === 'role-only' ? 'cut' : 'garbage';
  expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${model}:${cause}, groq/${MAIN}`);
  expect(attempts(model)).toHaveLength(2);
});

test.concurrent.for(['html', 'empty', 'null', 'gzip-cut', 'gzip-cut-once:clean=0'])(
  'one %s instead of an answer costs one more attempt on the same model',
  async (fault) => {
    const model = fault.includes('-once') ? `lab/${fault}` : `lab/${fault}-once`;
    const answer = await ask({ model });
    expect(said(answer)).toBe(lab.expected(PROMPT));
    expect(answer.headers.get('x-served-by')).toBe(`groq/${model}`);
    expect(attempts(model)).toHaveLength(2);
  },
);

test('an error inside a 200 is no answer either', async () => {
  const answer = await ask({ model: 'lab/inband-data-once' });
  expect(said(answer)).toBe(lab.expected(PROMPT));
  expect(attempts('lab/inband-data-once')).toHaveLength(2);
});

test.concurrent.for(['cut', 'cut-clean', 'cut-fin', 'cut-reset', 'stall'])(
  'a whole answer whose body breaks off (%s) is asked for again',
  async (fault) => {
    const model = `lab/${fault}-once#whole`;
    const answer = await ask({ model });
    expect(answer.status).toBe(200);
    expect(said(answer)).toBe(lab.expected(PROMPT));
  },
);

test.for([
  '{"choices":[{"message":{"content":"Half an"},"finish_reason":"stop"}],"x_groq":{"error":"over_capacity"}}',
  '{"choices":[{"message":{"content":"Half an"},"finish_reason":"error"}]}',
])('a whole answer that says itself that it broke off is no answer: %s', async (text) => {
  const upstream = await upstreamThatSays('application/json', text);
  onTestFinished(upstream.close);
  const other = await startCloud({ GROQ_BASE_URL: upstream.url, LOCAL_MODEL: 'none' });
  onTestFinished(other.stop);
  const answer = await other.ask({}, { headers: { 'x-fallback': 'off' } });
  expect(answer.status).toBe(502);
  expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${MAIN}:inband`);
  expect(answer.text).not.toContain('Half an');
});

test('a gzipped answer that nobody asked for is unpacked', async () => {
  const answer = await ask({ model: 'lab/gzip' });
  expect(said(answer)).toBe(lab.expected(PROMPT));
  expect(answer.headers.get('content-encoding')).toBeNull();
  expect(answer.headers.get('x-served-by')).toBe('groq/lab/gzip');
});

test('an interim response before the answer is read past', async () => {
  const answer = await ask({ model: 'lab/interim' });
  expect(said(answer)).toBe(lab.expected(PROMPT));
  expect(attempts('lab/interim')).toHaveLength(1);
});
