import { randomUUID } from 'node:crypto';
import { type AnswerOptions, answerText } from './answer-text.ts';
import { isObject, type JsonObject, stringAt } from './json.ts';
import type { Performance } from './performed.ts';
import { performJson, wholeOnly } from './whole-only.ts';

const sampleRate = 8000;
const samplesPerCharacter = 400;

/** A WAV file with a tone, as long as the text deserves. */
function spokenAs(text: string): Buffer {
  const samples = Math.max(1, text.length) * samplesPerCharacter;
  const wav = Buffer.alloc(44 + samples * 2);
  wav.write('RIFF', 0, 'latin1');
  wav.writeUInt32LE(36 + samples * 2, 4);
  wav.write('WAVEfmt ', 8, 'latin1');
  wav.writeUInt32LE(16, 16);
  wav.writeUInt16LE(1, 20);
  wav.writeUInt16LE(1, 22);
  wav.writeUInt32LE(sampleRate, 24);
  wav.writeUInt32LE(sampleRate * 2, 28);
  wav.writeUInt16LE(2, 32);
  wav.writeUInt16LE(16, 34);
  wav.write('data', 36, 'latin1');
  wav.writeUInt32LE(samples * 2, 40);
  for (let index = 0; index < samples; index += 1) {
    wav.writeInt16LE(Math.round(Math.sin(index / 8) * 8000), 44 + index * 2);
  }
  return wav;
}

/** The answer to `POST /audio/speech`: a WAV file. */
export const performSpeech = (body: JsonObject): Performance =>
  wholeOnly('audio/wav', spokenAs(stringAt(body, 'input') ?? ''));

/** The words that the lab hears in a file: they follow from the file's bytes alone. */
export function transcriptOf(fileSha256: string, options: AnswerOptions = {}): string {
  return answerText(`audio ${fileSha256}`, { ...options, tokens: 12 });
}

/** The answer to `POST /audio/transcriptions` and `/audio/translations`. */
export function performTranscription(body: JsonObject, options: AnswerOptions): Performance {
  const file = isObject(body.file) ? body.file : {};
  const text = transcriptOf(stringAt(file, 'sha256') ?? '', options);
  if (body.response_format === 'text') return wholeOnly('text/plain', Buffer.from(text));
  const answer = { text, x_groq: { id: `req_${randomUUID()}` } };
  return performJson(answer);
}
