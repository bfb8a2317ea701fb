import { expect, test } from 'vitest';
import { formScanner } from '../../src/http/form-scanner.ts';
import { openForm } from '../../src/http/open-form.ts';

const FILE =
  'content-disposition: form-data; name="file"; filename="a.wav"\r\ncontent-type: audio/wav';
const MODEL = 'Content-Disposition: form-data; name="model"';

function form(...parts: readonly (readonly [head: string, body: string])[]): Buffer {
  const text = parts.map(([head, body]) => `--edge\r\n${head}\r\n\r\n${body}\r\n`).join('');
  return Buffer.from(`${text}--edge--\r\n`, 'latin1');
}

function modelIn(bytes: Buffer, step: number): string | undefined {
  const scanner = formScanner('edge');
  for (let at = 0; at < bytes.length; at += step) scanner.write(bytes.subarray(at, at + step));
  return scanner.model();
}

const sound = '\r\n--edg\0\r\n\r\n--\r\n-edge\r\n'.repeat(50);

test.for([
  ['before the file', form([MODEL, 'whisper'], [FILE, sound])],
  ['behind it', form([FILE, sound], [MODEL, 'whisper'])],
  ['without quotes', form([MODEL.replaceAll('"', ''), 'whisper'])],
  [
    'with a head of several lines',
    form([`x-a: b\r\n${MODEL}\r\ncontent-type: text/plain`, 'whisper']),
  ],
  [
    'behind an empty field',
    form(['content-disposition: form-data; name="prompt"', ''], [MODEL, 'whisper']),
  ],
  [
    'behind a file with lines that begin like a boundary',
    form(
      [FILE, `\r\n--edges\r\n${MODEL}\r\n\r\nother\r\n--edge--s\r\n--edge -`],
      [MODEL, 'whisper'],
    ),
  ],
  [
    'under a boundary with spaces behind it',
    Buffer.from(`--edge \t\r\n${MODEL}\r\n\r\nwhisper\r\n--edge-- \r\n`),
  ],
  ['after a preamble', Buffer.concat([Buffer.from('hello\r\n'), form([MODEL, 'whisper'])])],
] as const)('a model %s is found, however the bytes are cut', ([, bytes]) => {
  for (const step of [1, 2, 3, 7, 64, bytes.length]) expect(modelIn(bytes, step)).toBe('whisper');
});

test.for([
  ['no field of that name', form(['content-disposition: form-data; name="models"', 'whisper'])],
  ['a file of that name', form([`${MODEL}; filename="model"`, 'whisper'])],
  ['a file whose bytes look like one', form([FILE, `${MODEL}\r\n\r\nwhisper`])],
  ['an empty one', form([MODEL, ''])],
  ['one without an end', form([MODEL, 'w'.repeat(1_000)])],
  [
    'a head without an end',
    Buffer.from(`--edge\r\n${'x'.repeat(20_000)}\r\n${MODEL}\r\n\r\nwhisper`),
  ],
  ['one behind the form’s end', Buffer.concat([form([FILE, sound]), form([MODEL, 'whisper'])])],
  ['nothing', Buffer.alloc(0)],
] as const)('%s is no model', ([, bytes]) => {
  for (const step of [1, 5, 4_096]) expect(modelIn(bytes, step)).toBeUndefined();
});

test('a form goes on as it came, and no more of it is held than must be', async () => {
  const pieces = Array.from({ length: 40 }, (_, index) => Buffer.alloc(10_000, index + 1));
  const bytes = [
    Buffer.from(`--edge\r\n${FILE}\r\n\r\n`),
    ...pieces,
    Buffer.from(`\r\n--edge\r\n${MODEL}\r\n\r\nwhisper\r\n--edge--\r\n`),
  ];
  let taken = 0;
  async function* source() {
    for (const piece of bytes) {
      taken += piece.length;
      yield piece;
    }
  }
  const { body, model } = await openForm(source(), 'edge');
  expect(taken).toBeLessThan(150_000);
  expect(model()).toBeUndefined();
  const received: Uint8Array[] = [];
  for await (const piece of body) received.push(piece);
  expect(Buffer.concat(received).equals(Buffer.concat(bytes))).toBe(true);
  expect(model()).toBe('whisper');
});
