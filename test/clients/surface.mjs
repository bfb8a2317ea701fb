import assert from 'node:assert/strict';
import OpenAI, { toFile } from 'openai';

const PROMPT = 'Tell me of the harbour.';
const MODEL = 'openai/gpt-oss-20b';
const LOCAL = 'local/lifeboat';

/** What the `openai` package must be able to do with us beyond chats, by sentence. */
export function surfaceChecks({ url, key, expected }) {
  const client = new OpenAI({ baseURL: `${url}/v1`, apiKey: key, maxRetries: 0 });

  return {
    'a response is answered whole, by Groq and by the local model': async () => {
      const answer = await client.responses.create({ model: MODEL, input: PROMPT });
      assert.equal(answer.output_text, await expected(PROMPT));
      const own = await client.responses.create({ model: LOCAL, input: 'Hello' });
      assert.ok(own.output_text.length > 0);
      assert.equal(own.status, 'completed');
    },
    'a response is streamed event by event': async () => {
      for (const model of [MODEL, LOCAL]) {
        const stream = await client.responses.create({ model, input: 'Hello', stream: true });
        let text = '';
        let completed;
        for await (const event of stream) {
          if (event.type === 'response.output_text.delta') text += event.delta;
          if (event.type === 'response.completed') completed = event.response;
        }
        assert.ok(text.length > 0);
        assert.equal(completed.output[0].content[0].text, text);
      }
    },
    'the responses stream helper puts a response together': async () => {
      for (const model of [MODEL, LOCAL]) {
        const stream = client.responses.stream({ model, input: 'Hello' });
        const answer = await stream.finalResponse();
        assert.ok(answer.output_text.length > 0);
        assert.ok(answer.usage.total_tokens > 0);
      }
    },
    'a response that breaks off is told as failed': async () => {
      const stream = await client.responses.create({ model: 'lab/cut', input: 'x', stream: true });
      let last;
      for await (const event of stream) last = event;
      assert.equal(last.type, 'response.failed');
      assert.equal(last.response.error.code, 'server_error');
    },
    'a response that another follows is a BadRequestError': async () => {
      const body = { model: MODEL, input: 'x', previous_response_id: 'resp_1' };
      const error = await client.responses.create(body).catch((reason) => reason);
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.param, 'previous_response_id');
    },
    'a legacy completion is answered, whole and streamed': async () => {
      const answer = await client.completions.create({ model: MODEL, prompt: PROMPT });
      assert.equal(answer.choices[0].text, await expected(PROMPT));
      const body = { model: MODEL, prompt: PROMPT, stream: true };
      let text = '';
      for await (const chunk of await client.completions.create(body))
        text += chunk.choices[0].text;
      assert.equal(text, await expected(PROMPT));
    },
    'a recording is transcribed, a text is spoken': async () => {
      const file = await toFile(Buffer.alloc(100_000, 7), 'a.wav');
      const words = await client.audio.transcriptions.create({ file, model: 'whisper-large-v3' });
      assert.match(words.text, /\w+/);
      const speech = { model: 'playai-tts', input: 'Hello', voice: 'a' };
      const sound = Buffer.from(await (await client.audio.speech.create(speech)).arrayBuffer());
      assert.equal(sound.toString('latin1', 0, 4), 'RIFF');
    },
    'embeddings are a BadRequestError that says why': async () => {
      const body = { model: 'text-embedding-3-small', input: 'x' };
      const error = await client.embeddings.create(body).catch((reason) => reason);
      assert.ok(error instanceof OpenAI.BadRequestError);
      assert.equal(error.code, 'not_supported');
    },
    'the tool runner calls a tool and gets the last answer': async () => {
      const asked = [];
      const weather = {
        type: 'function',
        function: {
          name: 'weather',
          parameters: { type: 'object', properties: { city: { type: 'string' } } },
          parse: JSON.parse,
          function: ({ city }) => {
            asked.push(city);
            return 'Rain.';
          },
        },
      };
      const messages = [{ role: 'user', content: 'What says weather?' }];
      for (const stream of [false, true]) {
        const runner = client.chat.completions.runTools({
          model: MODEL,
          messages,
          tools: [weather],
          stream,
        });
        assert.equal(await runner.finalContent(), await expected(messages[0].content));
      }
      assert.equal(asked.length, 2);
    },
    'an answer is sent back with all that the SDK adds to it': async () => {
      const messages = [{ role: 'user', content: 'Hello' }];
      for (const model of [LOCAL, MODEL]) {
        const stream = client.chat.completions.stream({ model, messages });
        messages.push((await stream.finalChatCompletion()).choices[0].message);
        messages.push({ role: 'user', content: PROMPT });
      }
      const answer = await client.chat.completions.create({ model: MODEL, messages });
      assert.equal(answer.choices[0].finish_reason, 'stop');
    },
  };
}
