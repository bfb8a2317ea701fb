import { afterAll, describe, expect, it } from 'vitest';
import type { Play } from '../support/scripted-upstream.ts';
import { cutAfter, expectWhole, startTwoModels, whole } from '../support/two-models.ts';

const patient = await startTwoModels();
// Shorter than what a reader gives usage and `[DONE]` after the finish reason.
const hasty = await startTwoModels({ STREAM_IDLE_TIMEOUT_MS: '200' });
afterAll(() => Promise.all([patient.stop(), hasty.stop()]));

/** Says a text and its finish reason; then what goes wrong. */
const finishedThen =
  (text: string, ...more: readonly string[]): Play =>
  (out) => {
    out.text(text);
    out.choices({ index: 0, delta: {}, finish_reason: 'stop' });
    for (const each of more) {
      if (each === 'cut') out.cut();
      else if (each === 'end') out.end();
      else out.raw(each);
    }
  };

describe('what is whole is not carried on', () => {
  const faults: readonly [string, string[]][] = [
    ['is cut', ['cut']],
    ['reports an error', ['{"error":{"message":"late"}}', 'end']],
    ['sends garbage', ['{"a', '{"b', 'end']],
    ['falls silent', []],
  ];

  it.each(faults)('when it %s after its finish reason', async (_how, fault) => {
    const { carriedOn, upstream } = patient;
    const answer = await carriedOn(finishedThen('The quiet harbour.', ...fault), whole('again'));
    expectWhole(answer, 'The quiet harbour.');
    expect(upstream.asked).toHaveLength(1);
  });

  it('when it falls silent for longer than a stream may', async () => {
    const { carriedOn, upstream } = hasty;
    const answer = await carriedOn(finishedThen('The quiet harbour.'), whole('again'));
    expectWhole(answer, 'The quiet harbour.');
    expect(upstream.asked).toHaveLength(1);
  });

  it('when each of several choices has its finish reason, and it falls silent then', async () => {
    hasty.upstream.script('both', (out) => {
      for (const index of [0, 1])
        out.choices({ index, delta: { content: 'Quiet.' }, finish_reason: 'stop' });
    });
    const answer = await hasty.cloud.stream({ model: 'both', n: 2 });
    expect(answer.text).toMatch(/data: \[DONE\]\n\n$/);
    expect(answer.text).not.toContain('event: error');
  });

  it('when it was carried on before, and falls silent then', async () => {
    const answer = await hasty.carriedOn(cutAfter('The quiet'), finishedThen(' harbour.'));
    expectWhole(answer, 'The quiet harbour.');
    expect(answer.text).toMatch(/: x-fallback-trail groq\/first-\d+:cut, groq\/second-\d+\n/);
  });
});
