import { afterAll, expect, onTestFinished, test } from 'vitest';
import { completion } from '../support/answer.ts';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud({
  MODEL_ALIASES: 'fast=openai/gpt-oss-20b,old=llama-3.1-8b-instant,here=local/lifeboat',
});
afterAll(cloud.stop);
const { lab, server, ask } = cloud;
const key = await server.key();

async function get(path: string): Promise<{ status: number; body: Body }> {
  const answer = await fetch(server.url + path, { headers: { 'x-api-key': key } });
  return { status: answer.status, body: (await answer.json()) as Body };
}

type Body = {
  readonly object?: string;
  readonly id?: string;
  readonly data?: Listed[];
  readonly error?: object;
};
type Listed = {
  readonly id: string;
  readonly alias_of?: string;
  readonly [field: string]: unknown;
};

test.for(['/v1/models', '/models'])(
  '%s lists Groq’s models, aliases and the local model',
  async (path) => {
    const { body } = await get(path);
    expect(body.object).toBe('list');
    const models = body.data ?? [];
    const byId = new Map(models.map((model) => [model.id, model]));
    expect(byId.size).toBe(models.length);
    for (const model of models) {
      expect(model).toMatchObject({
        object: 'model',
        created: expect.any(Number),
        owned_by: expect.any(String),
        active: true,
        context_window: expect.any(Number),
      });
    }
    expect(byId.get('openai/gpt-oss-120b')).toMatchObject({
      owned_by: 'OpenAI',
      context_window: 131_072,
    });
    // Less than the setting: it was trained for no more.
    expect(byId.get('local/lifeboat')).toMatchObject({ owned_by: 'keyturn', context_window: 512 });
    const aliases = models.flatMap(({ id, alias_of }) => (alias_of ? [[id, alias_of]] : []));
    expect(Object.fromEntries(aliases)).toEqual({
      'gpt-4o': 'openai/gpt-oss-120b',
      'gpt-4o-mini': 'openai/gpt-oss-20b',
      'gpt-3.5-turbo': 'openai/gpt-oss-20b',
      fast: 'openai/gpt-oss-20b',
      here: 'local/lifeboat',
      lifeboat: 'local/lifeboat',
      local: 'local/lifeboat',
    });
  },
);

test('every model is found by its id, with its slash raw or encoded', async () => {
  for (const id of ['openai/gpt-oss-120b', 'openai%2Fgpt-oss-120b', 'local/lifeboat', 'fast']) {
    const { status, body } = await get(`/v1/models/${id}`);
    expect(status).toBe(200);
    expect(body.id).toBe(decodeURIComponent(id));
  }
  expect((await get('/v1/models/nobody')).body.error).toMatchObject({
    code: 'model_not_found',
    param: 'model',
  });
});

test('an alias of the operator’s is answered by its model, wherever that is', async () => {
  expect(completion(await ask({ model: 'fast' })).model).toBe('openai/gpt-oss-20b');
  expect(completion(await ask({ model: 'here' })).model).toBe('local/lifeboat');
  const old = await ask({ model: 'old' });
  expect(completion(old).model).toBe('openai/gpt-oss-20b');
  expect(old.headers.get('x-model-replaced')).toBe('old -> openai/gpt-oss-20b');
});

test('Groq’s list is asked for once, and again for a name that Groq refuses', async () => {
  lab.reset();
  const polls = () => lab.attempts.filter(({ route }) => route === '/models').length;
  await Promise.all([get('/v1/models'), get('/models'), get('/v1/models/fast')]);
  expect(polls()).toBe(0);
  await ask({ model: 'nobody' });
  expect(polls()).toBe(1);
  await ask({ model: 'nobody' });
  await ask({ model: 'nobody-else' });
  expect(polls()).toBe(1);
});

test('while Groq can’t be asked the list holds the operator’s models', async () => {
  const lonely = await startCloud({ GROQ_BASE_URL: 'http://127.0.0.1:2/openai/v1' });
  onTestFinished(lonely.stop);
  const answer = await fetch(`${lonely.server.url}/v1/models`, {
    headers: { 'x-api-key': await lonely.server.key() },
  });
  const { data } = (await answer.json()) as Body;
  const cloudModels = data?.filter(({ owned_by }) => owned_by === 'groq');
  expect(cloudModels).toMatchObject([
    { id: 'openai/gpt-oss-120b', active: true, context_window: 131_072 },
    { id: 'openai/gpt-oss-20b', active: true, context_window: 131_072 },
  ]);
});
