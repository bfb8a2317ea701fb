import { afterAll, expect, it } from 'vitest';
import type { Play } from '../support/scripted-upstream.ts';
import { cutAfter, expectWhole, startTwoModels } from '../support/two-models.ts';

// Shorter than what a reader gives usage and `[DONE]` after the finish reason.
const { carriedOn, upstream, stop } = await startTwoModels({ STREAM_IDLE_TIMEOUT_MS: '200' });
afterAll(stop);

const finishedThenSilent =
  (...texts: readonly string[]): Play =>
  (out) => {
    out.text(...texts);
    out.choices({ index: 0, delta: {}, finish_reason: 'stop' });
  };

it('an answer that falls silent after its finish reason is whole', async () => {
  const answer = await carriedOn(finishedThenSilent('The quiet harbour.'));
  expectWhole(answer, 'The quiet harbour.');
  expect(upstream.asked).toHaveLength(1);
});

it('so is one that was carried on: nobody is asked to go on after its end', async () => {
  const answer = await carriedOn(cutAfter('The quiet'), finishedThenSilent(' harbour.'));
  expectWhole(answer, 'The quiet harbour.');
  expect(answer.text).toMatch(/: x-fallback-trail groq\/first-\d+:cut, groq\/second-\d+\n/);
});
