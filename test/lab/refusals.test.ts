import { describe, expect, test as plain } from 'vitest';
import { startLab } from '../../tools/lab/lab.ts';
import { groqModels } from '../../tools/lab/models.ts';
import { hear } from './caller.ts';
import { test } from './fixture.ts';
import { question } from './questions.ts';

const model = 'openai/gpt-oss-20b';

describe('a request is refused as Groq does', () => {
  const refused: Readonly<Record<string, readonly [Readonly<Record<string, unknown>>, RegExp]>> = {
    'an unknown property': [{ nonsense: 1 }, /property 'nonsense' is unsupported/],
    logprobs: [{ logprobs: true }, /logprobs/],
    logit_bias: [{ logit_bias: { 1: 2 } }, /logit_bias/],
    'n other than 1': [{ n: 2 }, /'n'/],
    'messages[].name': [{ messages: [{ role: 'user', content: 'x', name: 'Ann' }] }, /'name'/],
    'a replayed reasoning': [
      {
        messages: [
          { role: 'assistant', content: 'x', reasoning: 'y' },
          { role: 'user', content: 'z' },
        ],
      },
      /'reasoning' is unsupported/,
    ],
    'no messages': [{ messages: [] }, /minimum number of items/],
    'too many max_tokens': [{ max_tokens: 65_537 }, /65536/],
  };
  for (const [what, [members, message]] of Object.entries(refused)) {
    test(`400 for ${what}`, async ({ lab }) => {
      const heard = await hear({ url: lab.url, body: question(model, members) });
      expect(heard.status).toBe(400);
      const { error } = JSON.parse(heard.body.toString());
      expect(error).toMatchObject({ type: 'invalid_request_error' });
      expect(error.message).toMatch(message);
    });
  }

  test('404 for an unknown model, 400 for a retired one', async ({ lab }) => {
    const unknown = await hear({ url: lab.url, body: question('no/such') });
    expect(unknown.status).toBe(404);
    expect(unknown.body.toString()).toContain('model_not_found');
    const retired = await hear({ url: lab.url, body: question('llama-3.3-70b-versatile') });
    expect(retired.status).toBe(400);
    expect(retired.body.toString()).toContain('model_decommissioned');
  });

  test('404 for an unknown path and for embeddings', async ({ lab }) => {
    const path = await hear({ url: lab.url, path: '/nowhere', body: {} });
    expect(path.body.toString()).toContain('unknown_url');
    const embeddings = await hear({ url: lab.url, path: '/embeddings', body: { model: 'e' } });
    expect([embeddings.status, path.status]).toEqual([404, 404]);
  });

  test('401 without a gsk_ key, and for a revoked one', async ({ lab }) => {
    const ask = (key: string) => hear({ url: lab.url, body: question(model), key });
    expect((await ask('sk-other')).status).toBe(401);
    expect((await ask('gsk_good')).status).toBe(200);
    lab.revoke('gsk_good');
    expect((await ask('gsk_good')).status).toBe(401);
    expect((await ask('gsk_else')).status).toBe(200);
  });

  plain('400 for a prompt beyond the context of the model', async () => {
    const models = groqModels.map((entry) => ({ ...entry, contextWindow: 10 }));
    const lab = await startLab({ models });
    const heard = await hear({
      url: lab.url,
      body: question(model, { messages: [{ role: 'user', content: 'long '.repeat(20) }] }),
    });
    await lab.close();
    expect(heard.status).toBe(400);
    expect(heard.body.toString()).toContain('context_length_exceeded');
  });
});
