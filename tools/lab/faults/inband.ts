import { type Frame, jsonFrame, rawFrame } from '../frame.ts';
import type { JsonObject } from '../json.ts';
import { play } from '../play.ts';
import type { Parameters } from '../step.ts';
import { firstTokens } from './cut.ts';
import type { Fault, Settings } from './fault.ts';

const error = { message: 'Internal Server Error', type: 'internal_server_error', code: '500' };

type Speak = (event: (members: JsonObject) => JsonObject, settings: Settings) => Iterable<Frame>;

const inband = (name: string, sentence: string, speak: Speak, more: Parameters = {}): Fault => ({
  ...{ name, number: 16, sentence },
  defaults: { tokens: 8, ...more },
  play: (scene, settings) =>
    play(scene, {
      body: () => Buffer.from(JSON.stringify({ error })),
      *frames(frames, performance) {
        yield* firstTokens(frames, settings.number('tokens'));
        yield* speak(performance.event, settings);
      },
    }),
});

/** Errors told inside a stream whose status was 200; whole answers are 200 with an error body. */
export const inbandFaults: readonly Fault[] = [
  inband('inband-data', 'After `tokens`: `data: {"error": …}`, then the end.', () => [
    jsonFrame('other', { error }),
  ]),
  inband('inband-event', 'After `tokens`: `event: error` with its data, then the end.', () => [
    rawFrame(`event: error\ndata: ${JSON.stringify({ error })}\n\n`),
  ]),
  inband(
    'inband-x-groq',
    'After `tokens`: a chunk whose `x_groq.error` is a string, then the end; `done=1` adds [DONE].',
    function* (event, settings) {
      const choices = [{ index: 0, delta: {}, logprobs: null, finish_reason: null }];
      yield jsonFrame('other', event({ choices, x_groq: { error: 'over_capacity' } }));
      if (settings.number('done') === 1) yield rawFrame('data: [DONE]\n\n', 'done');
    },
    { done: 0 },
  ),
  inband(
    'inband-x-groq-stop',
    'After `tokens`: `x_groq.error` in a chunk with finish_reason stop, then [DONE].',
    function* (event) {
      const choices = [{ index: 0, delta: {}, logprobs: null, finish_reason: 'stop' }];
      yield jsonFrame('other', event({ choices, x_groq: { error: 'over_capacity' } }));
      yield rawFrame('data: [DONE]\n\n', 'done');
    },
  ),
  inband('inband-done', 'After `tokens`: `data: {"error": …}`, then [DONE].', () => [
    jsonFrame('other', { error }),
    rawFrame('data: [DONE]\n\n', 'done'),
  ]),
];
