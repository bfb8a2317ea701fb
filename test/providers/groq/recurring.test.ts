import { describe, expect, it } from 'vitest';
import type { ChatChunk } from '../../../src/core/chat.ts';
import { recurring } from '../../../src/providers/groq/recurring.ts';

/** How providers write the event around a text. */
const WAYS: Readonly<Record<string, (text: string, index: number) => string>> = {
  groq: (text) =>
    `{"id":"chatcmpl-1","object":"chat.completion.chunk","created":1,"model":"m","system_fingerprint":"fp",` +
    `"choices":[{"index":0,"delta":{"content":${text}},"logprobs":null,"finish_reason":null}]}`,
  spaced: (text) =>
    `{"id": "1", "model": "m", "choices": [{"index": 0, "delta": {"content": ${text}}, "finish_reason": null}]}`,
  'with a usage that grows': (text, index) =>
    `{"id":"1","choices":[{"index":0,"delta":{"content":${text}}}],"usage":{"completion_tokens":${index}}}`,
  'the text twice': (text) =>
    `{"id":"1","choices":[{"index":0,"delta":{"content":"same","content":${text}}}]}`,
  'another delta': (text) =>
    `{"delta":{"content":"same"},"choices":[{"index":0, "delta" : {"content":${text}}}]}`,
  'its name escaped': (text) =>
    `{"delta":{"content":"same"},"choices":[{"index":0,"\\u0064elta":{"content":${text}}}]}`,
  'a role beside it': (text) =>
    `{"id":"1","choices":[{"index":0,"delta":{"content":${text},"role":"assistant"}}]}`,
  'two choices by turns': (text, index) =>
    `{"id":"1","choices":[{"index":${index % 2},"delta":{"content":${text}}}]}`,
};

const TEXTS = [
  ' same',
  'same',
  '',
  'ä',
  '🙂 und 漢字',
  'a "quote"',
  'a \\ backslash',
  '"}',
  '"},"finish_reason":"stop',
  '"delta":{"content":"',
  'two\nlines',
  '\u0001',
  '\u2028',
  '\uFEFF',
  '\uD83D',
  '[DONE]',
];

const eventOf = (json: string) => Buffer.from(`data: ${json}\n\n`);

/** Reads as the stream's reader does. @returns what each event says, and how many were parsed for it */
function readAll(events: readonly Buffer[]) {
  const alike = recurring();
  let parsed = 0;
  const chunks = events.map((event) => {
    const known = alike.read(event);
    if (known) return known;
    parsed += 1;
    const chunk = JSON.parse(event.toString('utf8', 6)) as ChatChunk;
    alike.learn(event, chunk);
    return chunk;
  });
  return { chunks, parsed };
}

describe.each(Object.entries(WAYS))('events as a provider writes them: %s', (_, write) => {
  it('say what they say when they are parsed', () => {
    const texts = Array.from({ length: 5 }, () => TEXTS).flat();
    const events = texts.map((text, index) => eventOf(write(JSON.stringify(text), index)));
    const expected = events.map((event) => JSON.parse(event.toString('utf8', 6)));
    expect(readAll(events).chunks).toEqual(expected);
  });
});

it('a stream of plain texts is parsed once', () => {
  const texts = Array.from({ length: 100 }, (_, index) => ` token ${index} ä`);
  for (const way of ['groq', 'spaced'] as const) {
    const events = texts.map((text, index) =>
      eventOf(WAYS[way]?.(JSON.stringify(text), index) ?? ''),
    );
    expect(readAll(events).parsed).toBe(1);
  }
});

it('what is no longer alike is parsed, and then compared with', () => {
  const plain = (id: number, text: string) =>
    eventOf(`{"id":"${id}","choices":[{"index":0,"delta":{"content":"${text}"}}]}`);
  const events = [1, 2, 3].flatMap((id) => ['a', 'b', 'c'].map((text) => plain(id, text)));
  expect(readAll(events).parsed).toBe(3);
});

it('bytes that are no UTF-8 become what a parsed text would hold', () => {
  const [before, after] = ['{"choices":[{"index":0,"delta":{"content":"', '"}}]}'];
  const event = (...bytes: number[]) =>
    Buffer.concat([
      Buffer.from(`data: ${before}`),
      Buffer.from(bytes),
      Buffer.from(`${after}\n\n`),
    ]);
  const { chunks } = readAll([event(97), event(0xff, 97), event(0xc3), event(0xe2, 0x82)]);
  expect(chunks.map(({ choices }) => choices[0]?.delta?.content)).toEqual([
    'a',
    '\uFFFDa',
    '\uFFFD',
    '\uFFFD',
  ]);
});
