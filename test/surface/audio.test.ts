import { createHash, randomBytes } from 'node:crypto';
import { request } from 'node:http';
import { afterAll, beforeEach, describe, expect, test } from 'vitest';
import { transcriptOf } from '../../tools/lab/audio.ts';
import { startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ GROQ_API_KEY: 'gsk_one,gsk_two' });
afterAll(cloud.stop);
const { lab, server } = cloud;
const key = await server.key();
beforeEach(() => lab.reset());

const MIB = 1024 * 1024;

function form(file: Buffer, fields: Readonly<Record<string, string>> = {}): FormData {
  const data = new FormData();
  data.set('model', 'whisper-large-v3');
  for (const [name, value] of Object.entries(fields)) data.set(name, value);
  data.set('file', new Blob([new Uint8Array(file)]), 'a.wav');
  return data;
}

function post(path: string, body: FormData | string, headers: Record<string, string> = {}) {
  const type = typeof body === 'string' ? { 'content-type': 'application/json' } : undefined;
  return fetch(server.url + path, {
    method: 'POST',
    headers: { 'x-api-key': key, ...type, ...headers },
    body,
  });
}

const sha256 = (bytes: Buffer) => createHash('sha256').update(bytes).digest('hex');

describe('a recording', () => {
  test.for(['/v1/audio/transcriptions', '/v1/audio/translations', '/audio/transcriptions'])(
    'goes through %s, and its words come back',
    async (path) => {
      const file = randomBytes(MIB);
      const answer = await post(path, form(file));
      expect(answer.status).toBe(200);
      expect(answer.headers.get('x-served-by')).toBe('groq/whisper-large-v3');
      expect(await answer.json()).toMatchObject({ text: transcriptOf(sha256(file)) });
    },
  );

  test('comes back as plain text where that was asked for', async () => {
    const file = randomBytes(100);
    const answer = await post('/v1/audio/transcriptions', form(file, { response_format: 'text' }));
    expect(answer.headers.get('content-type')).toBe('text/plain');
    expect(await answer.text()).toBe(transcriptOf(sha256(file)));
  });

  test('of more than 25 MiB is refused, whether it says so first or not', async () => {
    const large = form(Buffer.alloc(25 * MIB));
    const told = await post('/v1/audio/transcriptions', large);
    expect(told.status).toBe(413);
    expect(await told.json()).toMatchObject({ error: { code: 'body_too_large', param: null } });
    expect(lab.attempts).toEqual([]);

    const upload = openUpload({ 'transfer-encoding': 'chunked' });
    for (let sent = 0; sent < 26; sent++) upload.write(Buffer.alloc(MIB));
    upload.end();
    expect(await upload.status).toBe(413);
    expect(lab.attempts).toEqual([]);
  });

  test('is sent once: after a fault nobody is asked again', async () => {
    lab.script('*', ['503']);
    const answer = await post('/v1/audio/transcriptions', form(randomBytes(100)));
    expect(answer.status).toBe(503);
    expect(lab.attempts).toHaveLength(1);
  });

  test('goes to another key after one was refused', async () => {
    lab.revoke('gsk_one');
    const statuses: number[] = [];
    for (let round = 0; round < 3; round++) {
      const answer = await post('/v1/audio/transcriptions', form(randomBytes(100)));
      statuses.push(answer.status);
    }
    expect(statuses.filter((status) => status === 200).length).toBeGreaterThanOrEqual(2);
    expect(statuses).not.toContain(401);
  });

  test('without a form, or with one that Groq refuses, is an error that says so', async () => {
    const json = await post('/v1/audio/transcriptions', '{}');
    expect(json.status).toBe(415);
    const empty = new FormData();
    empty.set('model', 'whisper-large-v3');
    const refused = await post('/v1/audio/transcriptions', empty);
    expect(refused.status).toBe(400);
    expect(await refused.json()).toMatchObject({
      error: { message: 'file or url must be provided', type: 'invalid_request_error' },
    });
  });
});

describe('a text to speak', () => {
  const body = { model: 'playai-tts', input: 'Hello from the harbour.', voice: 'a' };

  test('comes back as sound', async () => {
    const answer = await post('/v1/audio/speech', JSON.stringify(body));
    const sound = Buffer.from(await answer.arrayBuffer());
    expect(answer.headers.get('content-type')).toBe('audio/wav');
    expect(answer.headers.get('x-served-by')).toBe('groq/playai-tts');
    expect(sound.toString('latin1', 0, 4)).toBe('RIFF');
    expect(sound.length).toBe(sound.readUInt32LE(4) + 8);
  });

  test('is asked for again after a fault', async () => {
    lab.script('playai-tts', ['503-once', 'healthy']);
    const answer = await post('/v1/audio/speech', JSON.stringify(body));
    expect(answer.status).toBe(200);
    expect(lab.attempts).toHaveLength(2);
  });

  test('is not held up by a limit that opens later than GROQ_TIMEOUT_MS allows', async () => {
    lab.script('used-up', ['429:retryAfter=20']);
    const answer = await post('/v1/audio/speech', JSON.stringify({ ...body, model: 'used-up' }));
    expect(answer.status).toBe(429);
    expect(answer.headers.get('retry-after')).toBe('20');
  });

  test.for(['model', 'input', 'voice'])('without %s is refused by that name', async (field) => {
    const answer = await post('/v1/audio/speech', JSON.stringify({ ...body, [field]: undefined }));
    expect(answer.status).toBe(400);
    expect(await answer.json()).toMatchObject({ error: { param: field } });
  });

  test('that breaks off breaks the connection, never a whole file, and the log says why', async () => {
    lab.script('playai-tts', ['cut']);
    const headers = { 'x-request-id': 'cut-speech' };
    const answer = await post('/v1/audio/speech', JSON.stringify(body), headers);
    await expect(answer.arrayBuffer()).rejects.toThrow();
    const line = () => server.output().match(/.*"id":"cut-speech".*"msg":"request".*/)?.[0];
    await expect.poll(line).toContain('"broken":"provider_error"');
  });
});

/** A form that is sent piece by piece. */
function openUpload(headers: Record<string, string>) {
  const boundary = 'the-boundary';
  const sending = request(`${server.url}/v1/audio/transcriptions`, {
    method: 'POST',
    headers: {
      'x-api-key': key,
      'content-type': `multipart/form-data; boundary=${boundary}`,
      ...headers,
    },
  });
  const status = new Promise<number | undefined>((resolve) => {
    sending.once('response', (answer) => {
      answer.resume();
      resolve(answer.statusCode);
    });
    sending.once('error', () => resolve(undefined));
  });
  sending.write(
    `--${boundary}\r\ncontent-disposition: form-data; name="file"; filename="a"\r\n\r\n`,
  );
  return {
    status,
    write: (bytes: Buffer) => void sending.write(bytes),
    end: () => void sending.end(`\r\n--${boundary}--\r\n`),
  };
}
