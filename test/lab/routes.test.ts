import { createHash } from 'node:crypto';
import { expect } from 'vitest';
import { transcriptOf } from '../../tools/lab/audio.ts';
import { hear } from './caller.ts';
import { test } from './fixture.ts';
import { chunks } from './heard.ts';

const authorization = 'Bearer gsk_test';

test('models are listed, and shown one by one with slashes raw or escaped', async ({ lab }) => {
  const list = await hear({ url: lab.url, method: 'GET', path: '/models' });
  const { object, data } = JSON.parse(list.body.toString());
  expect(object).toBe('list');
  expect(data[0]).toMatchObject({ object: 'model', active: true, context_window: 131_072 });
  for (const path of ['/models/openai/gpt-oss-20b', '/models/openai%2Fgpt-oss-20b']) {
    const one = await hear({ url: lab.url, method: 'GET', path });
    expect(JSON.parse(one.body.toString())).toMatchObject({ owned_by: 'OpenAI' });
  }
  expect((await hear({ url: lab.url, method: 'GET', path: '/models/none' })).status).toBe(404);
});

test('the list of models can be spoilt by its own script, not by the one for all', async ({
  lab,
}) => {
  lab.script('*', ['503']);
  expect((await hear({ url: lab.url, method: 'GET', path: '/models' })).status).toBe(200);
  lab.script('GET /models', ['503-once', 'healthy']);
  expect((await hear({ url: lab.url, method: 'GET', path: '/models' })).status).toBe(503);
  const healed = await hear({ url: lab.url, method: 'GET', path: '/models' });
  expect(JSON.parse(healed.body.toString()).object).toBe('list');
});

test('a response is whole or streamed with named events', async ({ lab }) => {
  const body = { model: 'openai/gpt-oss-20b', input: 'Hello there.' };
  const whole = await hear({ url: lab.url, path: '/responses', body });
  const { output, status } = JSON.parse(whole.body.toString());
  expect(status).toBe('completed');
  expect(output[0].content[0].text).toBe(lab.expected('Hello there.'));
  const stream = await hear({ url: lab.url, path: '/responses', body: { ...body, stream: true } });
  const events = chunks(stream.body);
  expect(events.map((event) => event.sequence_number)).toEqual(events.map((_, index) => index));
  expect(events.at(-1)).toMatchObject({ type: 'response.completed' });
  expect(stream.body.toString()).toContain('event: response.output_text.delta\n');
});

test('a file is transcribed from its bytes', async ({ lab }) => {
  const bytes = Buffer.from('RIFF not much of a sound');
  const form = new FormData();
  form.set('model', 'whisper-large-v3');
  form.set('file', new Blob([bytes]), 'sound.wav');
  const answer = await fetch(`${lab.url}/audio/transcriptions`, {
    ...{ method: 'POST', headers: { authorization }, body: form },
  });
  const hash = createHash('sha256').update(bytes).digest('hex');
  expect(await answer.json()).toMatchObject({ text: transcriptOf(hash) });
  expect(lab.attempts[0]).toMatchObject({
    ...{ model: 'whisper-large-v3', route: '/audio/transcriptions' },
    body: { file: { filename: 'sound.wav', bytes: bytes.length } },
  });
});

test('speech is a WAV file', async ({ lab }) => {
  const body = { model: 'playai-tts', input: 'Hello', voice: 'Fritz' };
  const heard = await hear({ url: lab.url, path: '/audio/speech', body });
  expect(heard.head).toContain('content-type: audio/wav');
  expect(heard.body.toString('latin1', 0, 4)).toBe('RIFF');
  expect(heard.body.readUInt32LE(4)).toBe(heard.body.length - 8);
});
