import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { type Answer, errorIn } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud();
afterAll(cloud.stop);
const { lab } = cloud;
beforeEach(() => lab.reset());

const MODEL = 'openai/gpt-oss-20b';

function respond(body: object, options: object = {}): Promise<Answer> {
  return cloud.ask(
    { input: PROMPT, prompt: undefined, ...body },
    { path: '/v1/responses', ...options },
  );
}

describe('the store', () => {
  test.for([
    ['previous_response_id', 'resp_1'],
    ['conversation', 'conv_1'],
    ['background', true],
    ['prompt', { id: 'pmpt_1' }],
  ])('%s is refused: there is none', async ([field, value]) => {
    const answer = await respond({ model: MODEL, [String(field)]: value });
    expect(answer.status).toBe(400);
    expect(errorIn(answer)).toMatchObject({ code: 'not_supported', param: field });
    expect(lab.attempts).toEqual([]);
  });

  test('store is ignored, and the answer says so', async () => {
    const answer = await respond({ model: MODEL, store: true });
    expect(answer.status).toBe(200);
    expect(answer.headers.get('x-ignored-fields')).toBe('store');
    expect(lab.attempts[0]?.body).toEqual({ input: PROMPT, model: MODEL });
  });
});

test.for<[string, object]>([
  ['input', { input: undefined }],
  ['input', { input: 5 }],
  ['input.0.role', { input: [{ role: 'nobody', content: '' }] }],
  ['temperature', { temperature: 9 }],
  ['stream', { stream: 'yes' }],
  ['tools.0.type', { tools: [{}] }],
])('a wrong %s is named', async ([param, body]) => {
  const answer = await respond(body);
  expect(answer.status).toBe(400);
  expect(errorIn(answer)).toMatchObject({ param });
});
