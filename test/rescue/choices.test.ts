import { afterAll, describe, expect, it } from 'vitest';
import { type Answer, chunks, endingOf } from '../support/answer.ts';
import type { Play, Say } from '../support/scripted-upstream.ts';
import { startTwoModels } from '../support/two-models.ts';

// Shorter than what a reader gives usage and `[DONE]` after the finish reason.
const { cloud, upstream, stop } = await startTwoModels({ STREAM_IDLE_TIMEOUT_MS: '3000' });
afterAll(stop);

let runs = 0;

/** A stream of two choices, which one model begins; another could answer. */
async function twoChoices(begins: Play) {
  runs += 1;
  const models = [`begins-${runs}`, `other-${runs}`];
  upstream.asked.length = 0;
  upstream.script(`begins-${runs}`, begins);
  upstream.script(`other-${runs}`, (out) => {
    choice(out, 0, 'The', ' harbour.');
    choice(out, 1, 'A', ' boat.');
    out.raw('[DONE]');
    out.end();
  });
  return cloud.stream({ models, n: 2 }, { headers: { 'x-fallback': 'local-off' } });
}

function choice(out: Say, index: number, ...texts: readonly string[]): void {
  for (const content of texts) out.choices({ index, delta: { content } });
  out.choices({ index, delta: {}, finish_reason: 'stop' });
}

function textsIn(answer: Answer): string[] {
  const texts = ['', ''];
  for (const { choices = [] } of chunks(answer)) {
    for (const { index = 0, delta } of choices) texts[index] += delta?.content ?? '';
  }
  return texts;
}

describe('a stream of several choices', () => {
  it('is not carried on, though it broke before the second was begun', async () => {
    const answer = await twoChoices((out) => {
      out.choices({ index: 0, delta: { content: 'The' } });
      out.cut();
    });
    expect(endingOf(answer)).toBe('error');
    expect(textsIn(answer)).toEqual(['The', '']);
    expect(answer.text).toMatch(/: x-fallback-trail groq\/begins-\d+:cut\n\nevent: error\n/);
    expect(upstream.asked).toHaveLength(1);
  });

  const afterTheFirst: [string, (out: Say) => void][] = [
    ['is cut', (out) => out.cut()],
    ['ends', (out) => out.end()],
    ['reports an error', (out) => out.raw('{"error":{"message":"late"}}')],
    ['falls silent', () => undefined],
  ];
  it.each(afterTheFirst)('is not whole when it %s between the choices', async (_how, breaks) => {
    const answer = await twoChoices((out) => {
      choice(out, 0, 'The harbour.');
      breaks(out);
    });
    expect(endingOf(answer)).toBe('error');
    expect(textsIn(answer)).toEqual(['The harbour.', '']);
  });

  it('may pause for long between the choices', async () => {
    const answer = await twoChoices((out) => {
      choice(out, 0, 'The harbour.');
      setTimeout(() => {
        choice(out, 1, 'A boat.');
        out.raw('[DONE]');
        out.end();
      }, 1_500);
    });
    expect(textsIn(answer)).toEqual(['The harbour.', 'A boat.']);
    expect(answer.text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it.each([128, 2 ** 40, -1, 0.5, '0'])('holds none of the number %s', async (index) => {
    const answer = await twoChoices((out) => {
      choice(out, 0, 'The harbour.');
      out.choices({ index, delta: { content: 'Nowhere.' } });
      choice(out, 1, 'A boat.');
      out.raw('[DONE]');
      out.end();
    });
    expect(textsIn(answer)).toEqual(['The harbour.', 'A boat.']);
    expect(answer.text).not.toContain('Nowhere');
    expect(answer.text).toMatch(/data: \[DONE\]\n\n$/);
  });

  it('is whole with fewer than were asked for, where the provider says that this was all', async () => {
    const answer = await twoChoices((out) => {
      choice(out, 0, 'The harbour.');
      out.raw('[DONE]');
    });
    expect(endingOf(answer)).toBe('whole');
    expect(textsIn(answer)).toEqual(['The harbour.', '']);
  });
});
