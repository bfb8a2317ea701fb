import { afterAll, expect, test } from 'vitest';
import { errorIn } from '../support/answer.ts';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud();
afterAll(cloud.stop);
const { lab, ask } = cloud;

test.for(['/v1/embeddings', '/embeddings'])(
  '%s says clearly that lifeboat has none, without asking Groq',
  async (path) => {
    const body = { model: 'text-embedding-3-small', input: ['a', 'b'], prompt: undefined };
    const answer = await ask(body, { path });
    expect(answer.status).toBe(400);
    expect(errorIn(answer)).toMatchObject({ code: 'not_supported', param: 'model' });
    expect(lab.attempts).toEqual([]);
  },
);

test.for<[string, object]>([
  ['input', {}],
  ['input', { input: '' }],
  ['input', { input: [] }],
  ['input', { input: 7 }],
  ['input.1', { input: ['a', 5] }],
  ['input', { input: Array.from({ length: 257 }, () => 'a') }],
  ['encoding_format', { input: 'a', encoding_format: 'hex' }],
  ['dimensions', { input: 'a', dimensions: 0 }],
])('a wrong %s is named', async ([param, body]) => {
  const answer = await ask({ prompt: undefined, ...body }, { path: '/v1/embeddings' });
  expect(answer.status).toBe(400);
  expect(errorIn(answer)).toMatchObject({ code: 'invalid_request', param });
});
