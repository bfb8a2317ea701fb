import assert from 'node:assert/strict';
import OpenAI from 'openai';

const PROMPT = 'Tell me of the harbour.';
const messages = [{ role: 'user', content: PROMPT }];

/** What the `openai` package must be able to do with us, by sentence. */
export function openaiChecks({ url, key, expected, endOf }) {
  const options = { baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 };
  const client = new OpenAI(options);
  const chat = (body, more) =>
    client.chat.completions.create({ model: 'gpt-4o', messages, ...body }, more);

  return {
    'a chat is answered whole': async () => {
      const answer = await chat({});
      assert.equal(answer.choices[0].message.content, await expected(PROMPT));
      assert.equal(answer.model, 'openai/gpt-oss-120b');
      assert.match(answer._request_id, /^req_/);
    },
    'a stream adds up to the same text, with usage': async () => {
      const stream = await chat({ stream: true, stream_options: { include_usage: true } });
      let text = '';
      let usage;
      for await (const chunk of stream) {
        text += chunk.choices[0]?.delta.content ?? '';
        usage = chunk.usage ?? usage;
      }
      assert.equal(text, await expected(PROMPT));
      assert.ok(usage.total_tokens > usage.completion_tokens);
    },
    'the stream helper puts a completion together': async () => {
      const stream = client.chat.completions.stream({ model: 'gpt-4o-mini', messages });
      const answer = await stream.finalChatCompletion();
      assert.equal(answer.choices[0].message.content, await expected(PROMPT));
      assert.equal(answer.choices[0].finish_reason, 'stop');
    },
    'a tool is called': async () => {
      const parameters = { type: 'object', properties: { city: { type: 'string' } } };
      const tool = { type: 'function', function: { name: 'weather', parameters } };
      const answer = await chat({ tools: [tool], tool_choice: tool });
      const [call] = answer.choices[0].message.tool_calls;
      assert.equal(call.function.name, 'weather');
      assert.ok('city' in JSON.parse(call.function.arguments));
    },
    'a failing model is replaced, and the headers say so': async () => {
      const { data, response } = await chat({ model: 'lab/503' }).withResponse();
      assert.equal(data.model, 'openai/gpt-oss-120b');
      const trail = 'groq/lab/503:503, groq/openai/gpt-oss-120b';
      assert.equal(response.headers.get('x-fallback-trail'), trail);
    },
    'the local model answers by its name': async () => {
      const answer = await chat({ model: 'local/lifeboat' });
      assert.equal(answer.model, 'local/lifeboat');
      assert.ok(answer.choices[0].message.content.length > 0);
    },
    'models are listed, and found by ids with slashes': async () => {
      const ids = [];
      for await (const model of client.models.list()) ids.push(model.id);
      for (const id of ['openai/gpt-oss-120b', 'local/lifeboat', 'gpt-4o']) {
        assert.ok(ids.includes(id), `${id} is not in the list`);
        assert.equal((await client.models.retrieve(id)).id, id);
      }
    },
    'a wrong key is an AuthenticationError': async () => {
      const stranger = new OpenAI({ ...options, apiKey: `sk-${'x'.repeat(48)}` });
      await rejects(stranger.models.list(), OpenAI.AuthenticationError, 'invalid_api_key');
    },
    'an unknown model is a NotFoundError': async () => {
      await rejects(chat({ model: 'nobody' }), OpenAI.NotFoundError, 'model_not_found');
      await rejects(client.models.retrieve('nobody'), OpenAI.NotFoundError, 'model_not_found');
    },
    'a part of the API that is not offered is a NotFoundError': async () => {
      await rejects(client.files.list(), OpenAI.NotFoundError, 'not_supported');
    },
    'a wrong field is a BadRequestError that names it': async () => {
      const error = await rejects(chat({ temperature: 3 }), OpenAI.BadRequestError);
      assert.equal(error.param, 'temperature');
    },
    'a used-up limit is a RateLimitError with retry-after': async () => {
      const headers = { 'x-fallback': 'off' };
      const answer = chat({ model: 'lab/429:retryAfter=100' }, { headers });
      const error = await rejects(answer, OpenAI.RateLimitError, 'rate_limit_exceeded');
      assert.ok(Number(error.headers.get('retry-after')) > 90);
    },
    'a stream that can’t be finished ends in an APIError, not in silence': async () => {
      const headers = { 'x-fallback': 'off' };
      const stream = await chat({ model: 'lab/cut', stream: true }, { headers });
      await rejects(all(stream), OpenAI.APIError);
    },
    'an abort ends the upstream request': async () => {
      const model = 'lab/slow:gap=20,answerTokens=5000#openai';
      const stream = await chat({ model, stream: true });
      for await (const _ of stream) break;
      assert.equal(await endOf(model), 'hung-up');
    },
  };
}

async function all(stream) {
  const parts = [];
  for await (const part of stream) parts.push(part);
  return parts;
}

async function rejects(promise, type, code) {
  const error = await promise.then(
    () => undefined,
    (reason) => reason,
  );
  assert.ok(error instanceof type, `expected ${type.name}, got ${error?.constructor.name}`);
  if (code) assert.equal(error.code, code);
  return error;
}
