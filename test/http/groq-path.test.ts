import { afterAll, expect, test } from 'vitest';
import { said } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud();
afterAll(cloud.stop);

test.for(['/openai/v1/chat/completions', '/v1/openai/v1/chat/completions'])(
  'Groq’s own SDK finds us with and without /v1 in its base address (%s)',
  async (path) => {
    const answer = await cloud.ask({}, { path });
    expect(said(answer)).toBe(cloud.lab.expected(PROMPT));
  },
);

test('no other path is bent', async () => {
  const answer = await cloud.ask({}, { path: '/chat/openai/v1/chat/completions' });
  expect(answer.status).toBe(404);
});
