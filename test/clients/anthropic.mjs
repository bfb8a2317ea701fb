import assert from 'node:assert/strict';
import Anthropic from '@anthropic-ai/sdk';

const PROMPT = 'Tell me of the harbour.';
const MODEL = 'openai/gpt-oss-20b';

/** What Anthropic's own package must be able to do with us, by sentence. */
export function anthropicChecks({ url, key, expected }) {
  const options = { baseURL: url, apiKey: key, maxRetries: 0 };
  const client = new Anthropic(options);
  const base = { model: MODEL, max_tokens: 500, messages: [{ role: 'user', content: PROMPT }] };
  const weather = {
    name: 'weather',
    input_schema: { type: 'object', properties: { city: { type: 'string' } } },
  };

  return {
    'a message is answered whole': async () => {
      const message = await client.messages.create(base);
      assert.equal(message.content[0].text, await expected(PROMPT));
      assert.equal(message.stop_reason, 'end_turn');
      assert.ok(message.usage.output_tokens > 30);
      assert.match(message._request_id, /^req_/);
    },
    'the stream helper puts a message together': async () => {
      for (const model of [MODEL, 'local/lifeboat']) {
        const stream = client.messages.stream({ ...base, model });
        let text = '';
        stream.on('text', (delta) => {
          text += delta;
        });
        const message = await stream.finalMessage();
        assert.ok(text.length > 0);
        assert.equal(message.content[0].text, text);
        assert.ok(message.usage.output_tokens > 0);
      }
    },
    'a tool is called in a stream, and its result answered': async () => {
      const messages = [{ role: 'user', content: 'What says weather?' }];
      const asked = { ...base, messages, tools: [weather] };
      const message = await client.messages.stream(asked).finalMessage();
      assert.equal(message.stop_reason, 'tool_use');
      const use = message.content.find(({ type }) => type === 'tool_use');
      assert.ok('city' in use.input);
      const result = { type: 'tool_result', tool_use_id: use.id, content: 'Rain.' };
      const turns = [...messages, message, { role: 'user', content: [result] }];
      const next = turns.map(({ role, content }) => ({ role, content }));
      const answer = await client.messages.create({ ...asked, messages: next });
      assert.equal(answer.content[0].text, await expected(messages[0].content));
    },
    'thinking is shown where it was asked for': async () => {
      const thinking = { type: 'enabled', budget_tokens: 1024 };
      const message = await client.messages.stream({ ...base, thinking }).finalMessage();
      assert.deepEqual(
        message.content.map(({ type }) => type),
        ['thinking', 'text'],
      );
    },
    'tokens are counted': async () => {
      const { model, messages } = base;
      const { input_tokens } = await client.messages.countTokens({ model, messages });
      assert.ok(input_tokens > 5 && input_tokens < 20);
    },
    'a wrong key is an AuthenticationError, a wrong field a BadRequestError': async () => {
      const stranger = new Anthropic({ ...options, apiKey: `sk-${'x'.repeat(48)}` });
      const denied = await stranger.messages.create(base).catch((reason) => reason);
      assert.ok(denied instanceof Anthropic.AuthenticationError);
      const wrong = { ...base, temperature: 7 };
      const refused = await client.messages.create(wrong).catch((reason) => reason);
      assert.ok(refused instanceof Anthropic.BadRequestError);
      assert.equal(refused.error.error.param, 'temperature');
    },
    'a stream that can’t be finished ends in an APIError, not in silence': async () => {
      const headers = { 'x-fallback': 'off' };
      const stream = client.messages.stream({ ...base, model: 'lab/cut' }, { headers });
      const error = await stream.finalMessage().catch((reason) => reason);
      assert.ok(error instanceof Anthropic.APIError, String(error));
    },
  };
}
