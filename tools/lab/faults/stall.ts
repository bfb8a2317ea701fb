import { isToken, rawFrame } from '../frame.ts';
import { play } from '../play.ts';
import { firstTokens } from './cut.ts';
import type { Fault } from './fault.ts';

const ping = rawFrame(': ping\n\n');

/** Streams that stop in mid-answer with the socket open, or that crawl. */
export const stallFaults: readonly Fault[] = [
  {
    ...{ name: 'stall', number: 9, defaults: { tokens: 8, ms: -1 } },
    sentence: 'Silent after `tokens` with the socket open; goes on after `ms` (-1: never).',
    play(scene, settings) {
      const tokens = settings.number('tokens');
      const ms = settings.number('ms');
      if (ms < 0) {
        return play(scene, { ending: 'stall', frames: (frames) => firstTokens(frames, tokens) });
      }
      return play(scene, {
        bodyDelayMs: ms,
        *frames(frames) {
          let seen = 0;
          for (const frame of frames) {
            if (isToken(frame)) seen += 1;
            yield isToken(frame) && seen === tokens + 1 ? { ...frame, pauseMs: ms } : frame;
          }
        },
      });
    },
  },
  {
    ...{ name: 'stall-pings', number: 9, defaults: { tokens: 8, every: 1000 } },
    sentence:
      'After `tokens` nothing but comment lines, one `every` so many milliseconds, for ever.',
    play(scene, settings) {
      return play(scene, {
        ending: 'stall',
        *frames(frames) {
          yield* firstTokens(frames, settings.number('tokens'));
          for (;;) yield { ...ping, pauseMs: Math.max(1, settings.number('every')) };
        },
      });
    },
  },
  {
    ...{ name: 'stall-finish', number: 11, defaults: { ms: -1 } },
    sentence: 'Silence after the finish reason, before usage and [DONE] (`ms`, -1: never goes on).',
    play(scene, settings) {
      const ms = settings.number('ms');
      return play(scene, {
        ...(ms < 0 && { ending: 'stall' as const }),
        *frames(frames) {
          let finished = false;
          for (const frame of frames) {
            if (finished && ms < 0) return;
            yield finished ? { ...frame, pauseMs: ms } : frame;
            finished = frame.kind === 'finish';
          }
        },
      });
    },
  },
  {
    ...{ name: 'slow', number: 0, defaults: { gap: 50 } },
    sentence: 'Harmless: one token every `gap` milliseconds.',
    play: (scene, settings) => play({ ...scene, gapMs: settings.number('gap') }),
  },
];
