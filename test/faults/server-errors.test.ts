import { afterAll, expect, test } from 'vitest';
import { chunks, completion, endingOf, errorIn, said, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud();
afterAll(cloud.stop);
const { lab, ask, stream, attempts } = cloud;

const MAIN = 'openai/gpt-oss-120b';

test.concurrent.for([
  '500',
  '502',
  '503',
  '504',
  '498',
  '408',
  '409',
  'reset',
  'fin',
  'half-headers:ms=1',
])('after one %s the same model is asked once more, and answers', async (fault) => {
  const [name, parameters] = fault.split(':');
  const model = `lab/${name}-once${parameters ? `:${parameters}` : ''}`;
  const answer = await ask({ model: `${model}#whole` });
  expect(said(answer)).toBe(lab.expected(PROMPT));
  expect(answer.headers.get('x-served-by')).toBe(`groq/${model}#whole`);
  expect(answer.headers.get('x-fallback-trail')).toBeNull();
  expect(attempts(`${model}#whole`)).toHaveLength(2);

  const streamedAnswer = await stream({ model: `${model}#streamed` });
  expect(endingOf(streamedAnswer)).toBe('whole');
  expect(streamed(streamedAnswer)).toBe(lab.expected(PROMPT));
  expect(attempts(`${model}#streamed`)).toHaveLength(2);
});

test.concurrent.for(['500', '502', '503', '504', 'html-502'])(
  'a %s for ever is met with three attempts, then the next model answers under its own name',
  async (fault) => {
    const model = `lab/${fault}`;
    const answer = await ask({ model });
    const cause = fault.replace('html-', '');
    expect(answer.headers.get('x-served-by')).toBe(`groq/${MAIN}`);
    expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${model}:${cause}, groq/${MAIN}`);
    expect(completion(answer).model).toBe(MAIN);
    expect(said(answer)).toBe(lab.expected(PROMPT));
    expect(attempts(model)).toHaveLength(3);

    const streamedAnswer = await stream({ model: `${model}#streamed` });
    expect(endingOf(streamedAnswer)).toBe('whole');
    expect(new Set(chunks(streamedAnswer).map((chunk) => chunk.model))).toEqual(new Set([MAIN]));
    expect(attempts(`${model}#streamed`)).toHaveLength(3);
  },
);

test('only the usage of the model that answered is counted', async () => {
  const alone = completion(await ask({})).usage;
  const afterFaults = completion(await ask({ model: 'lab/503#usage' })).usage;
  expect(afterFaults?.completion_tokens).toBe(alone?.completion_tokens);
  expect(afterFaults?.total_tokens).toBe(alone?.total_tokens);
});

test('attempts follow each other with growing pauses, all below the bound of the backoff', async () => {
  await ask({ model: 'lab/503#pauses' });
  const all = attempts('lab/503#pauses');
  const gaps = all
    .slice(1)
    .map(({ arrivedAtMs }, index) => arrivedAtMs - (all[index]?.lastByteAtMs ?? 0));
  expect(gaps[0]).toBeLessThan(250 + 400);
  expect(gaps[1]).toBeLessThan(500 + 400);
});

test('a request whose own faults open the breaker names the fault, and asks no further', async () => {
  const model = 'lab/503#opens';
  for (const soFar of [3, 5]) {
    const answer = await ask({ model });
    expect(answer.headers.get('x-fallback-trail')).toBe(`groq/${model}:503, groq/${MAIN}`);
    expect(attempts(model)).toHaveLength(soFar);
  }
});

test('when every cloud model fails, the local one answers and the trail names all', async () => {
  const models = ['lab/503#gone-a', 'lab/reset#gone-b'];
  const answer = await ask({ models, messages: [{ role: 'user', content: 'Hello' }] });
  expect(answer.status).toBe(200);
  expect(answer.headers.get('x-served-by')).toBe('local/lifeboat');
  expect(answer.headers.get('x-fallback-trail')).toBe(
    'groq/lab/503#gone-a:503, groq/lab/reset#gone-b:connect, local/lifeboat',
  );
  expect(completion(answer).model).toBe('local/lifeboat');
  expect(said(answer)?.length).toBeGreaterThan(0);
});

test('a broken tool call is asked for once more, then passed on with what the model wrote', async () => {
  const answer = await ask({ model: 'lab/tool-use-failed' });
  expect(answer.status).toBe(400);
  expect(errorIn(answer)).toMatchObject({
    code: 'tool_use_failed',
    failed_generation: '<function=broken{',
  });
  expect(attempts('lab/tool-use-failed')).toHaveLength(2);
});
