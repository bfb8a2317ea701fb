import { type Frame, rawFrame } from '../frame.ts';
import { play } from '../play.ts';
import { endingOf, endingWords, half } from './cut-ending.ts';
import type { Fault } from './fault.ts';

/** All events up to and including so many tokens of content (or of a tool call). */
export function* firstTokens(frames: Iterable<Frame>, tokens: number): Generator<Frame> {
  let seen = 0;
  for (const frame of frames) {
    const counts = frame.kind === 'text' || frame.kind === 'tool';
    if (frame.kind === 'finish' || (counts && seen === tokens)) return;
    if (counts) seen += 1;
    yield frame;
  }
}

const cutFault = (name: string, ending: string, sentence: string): Fault => ({
  ...{ name, number: 8, sentence, defaults: { tokens: 8, ending } },
  words: endingWords,
  play: (scene, settings) =>
    play(scene, {
      ...endingOf(settings),
      frames: (frames) => firstTokens(frames, settings.number('tokens')),
    }),
});

/** Streams that end in mid-answer; whole answers end after half of their body. */
export const cutFaults: readonly Fault[] = [
  cutFault('cut', 'open', 'Cut after `tokens`: FIN without the terminating chunk.'),
  cutFault('cut-clean', 'clean', 'Ends after `tokens` as proper HTTP, without a finish reason.'),
  cutFault('cut-fin', 'fin', 'Unchunked; a clean FIN after `tokens`, without a finish reason.'),
  cutFault('cut-reset', 'reset', 'RST after `tokens`.'),
  {
    ...{ name: 'cut-reasoning', number: 8, defaults: { tokens: 4, ending: 'open' } },
    words: endingWords,
    sentence: 'Cut after `tokens` of reasoning, before any content.',
    play: (scene, settings) =>
      play(scene, {
        ...endingOf(settings),
        *frames(frames) {
          let seen = 0;
          for (const frame of frames) {
            if (frame.kind === 'text' || seen === settings.number('tokens')) return;
            if (frame.kind === 'reasoning') seen += 1;
            yield frame;
          }
        },
      }),
  },
  {
    ...{ name: 'cut-done', number: 8, defaults: { tokens: 8 } },
    sentence: 'After `tokens` [DONE] and a clean end, without a finish reason.',
    play: (scene, settings) =>
      play(scene, {
        body: half,
        *frames(frames) {
          yield* firstTokens(frames, settings.number('tokens'));
          yield rawFrame('data: [DONE]\n\n', 'done');
        },
      }),
  },
];
