import { expect, test } from 'vitest';
import { type ChatEvent, eventOf } from '../../../src/core/chat.ts';
import { legacyEvents } from '../../../src/http/shapes/completions/from-chat.ts';

test('each of several answers to a prompt keeps its own number, echo and words', async () => {
  async function* events(): AsyncGenerator<ChatEvent> {
    const piece = (index: number, content: string, finish_reason: string | null = null) => ({
      index,
      delta: { content },
      finish_reason,
    });
    yield eventOf({ id: 'chatcmpl-1', choices: [piece(0, ' A')] });
    yield eventOf({ id: 'chatcmpl-1', choices: [piece(1, ' B')] });
    yield eventOf({ id: 'chatcmpl-1', choices: [piece(1, 'b'), piece(0, 'a')] });
    yield eventOf({ id: 'chatcmpl-1', choices: [piece(0, '', 'stop'), piece(1, '', 'length')] });
  }
  const texts = new Map<number, string>();
  const reasons = new Map<number, unknown>();
  const place = { prompt: 'Say:', index: 2, onUsage: () => undefined };
  for await (const { chunk } of legacyEvents(events(), place)) {
    for (const { index, text, finish_reason } of chunk.choices as unknown as Choice[]) {
      texts.set(index, `${texts.get(index) ?? ''}${text}`);
      if (finish_reason) reasons.set(index, finish_reason);
    }
  }
  expect([...texts]).toEqual([
    [2, 'Say: Aa'],
    [3, 'Say: Bb'],
  ]);
  expect([...reasons]).toEqual([
    [2, 'stop'],
    [3, 'length'],
  ]);
});

type Choice = { readonly index: number; readonly text: string; readonly finish_reason: unknown };
