import assert from 'node:assert/strict';
import Groq from 'groq-sdk';

const PROMPT = 'Tell me of the harbour.';
const messages = [{ role: 'user', content: PROMPT }];
const model = 'openai/gpt-oss-20b';

/** What Groq's own package must be able to do with us, by sentence, at one of our addresses. */
export function groqChecks({ key, expected, endOf }, baseURL) {
  const options = { baseURL, apiKey: key, maxRetries: 0 };
  const client = new Groq(options);

  return {
    'a chat is answered whole, with Groq’s own fields': async () => {
      const answer = await client.chat.completions.create({ model, messages });
      assert.equal(answer.choices[0].message.content, await expected(PROMPT));
      assert.equal(answer.model, model);
      assert.match(answer.x_groq.id, /^req_/);
    },
    'a stream adds up to the same text, with usage': async () => {
      const stream = await client.chat.completions.create({ model, messages, stream: true });
      let text = '';
      let usage;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        usage = chunk.x_groq?.usage ?? usage;
      }
      assert.equal(text, await expected(PROMPT));
      assert.ok(usage.completion_tokens > 50);
    },
    'models are listed, and found by ids with slashes': async () => {
      const { data } = await client.models.list();
      assert.ok(data.some(({ id }) => id === model));
      assert.equal((await client.models.retrieve(model)).id, model);
    },
    'a wrong key is an AuthenticationError': async () => {
      const stranger = new Groq({ ...options, apiKey: `sk-${'x'.repeat(48)}` });
      await rejects(stranger.models.list(), Groq.AuthenticationError, 'invalid_api_key');
    },
    'an unknown model is a NotFoundError': async () => {
      const answer = client.chat.completions.create({ model: 'nobody', messages });
      await rejects(answer, Groq.NotFoundError, 'model_not_found');
    },
    'an abort ends the upstream request': async () => {
      const slow = `lab/slow:gap=20,answerTokens=5000#${encodeURIComponent(baseURL)}`;
      const stream = await client.chat.completions.create({ model: slow, messages, stream: true });
      for await (const _ of stream) break;
      assert.equal(await endOf(slow), 'hung-up');
    },
  };
}

async function rejects(promise, type, code) {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  assert.ok(error instanceof type, `expected ${type.name}, got ${error?.constructor.name}`);
  assert.equal(error.error.error.code, code);
}
