import { type Frame, rawFrame } from '../frame.ts';
import { play } from '../play.ts';
import type { Scene } from '../scene.ts';
import { firstTokens } from './cut.ts';
import type { Fault } from './fault.ts';

const page =
  '<!DOCTYPE html><html><head><title>Just a moment…</title></head><body><h1>502</h1></body></html>';

async function say(scene: Scene, status: number, contentType: string, text: string | Buffer) {
  const bytes = Buffer.from(text);
  const length = { 'content-type': contentType, 'content-length': String(bytes.length) };
  await scene.wire.head(status, { ...scene.headers(), ...length });
  if (bytes.length > 0) await scene.wire.send(bytes);
}

const body = (name: string, sentence: string, contentType: string, text: string): Fault => ({
  ...{ name, number: 17, sentence, defaults: {} },
  play: (scene) => say(scene, 200, contentType, text),
});

const emptyStream = (name: string, sentence: string, keep: (frame: Frame) => boolean): Fault => ({
  ...{ name, number: 17, sentence, defaults: {} },
  play: (scene) =>
    play(scene, {
      body: () => Buffer.from(JSON.stringify({ choices: [], usage: null })),
      *frames(frames) {
        for (const frame of frames) if (keep(frame)) yield frame;
      },
    }),
});

const malformed = (name: string, count: number, sentence: string): Fault => ({
  ...{ name, number: 10, sentence, defaults: { tokens: 8, count, times: 1 } },
  play: (scene, settings) =>
    play(scene, {
      body: (bytes) => bytes.subarray(0, bytes.length - 1),
      *frames(frames) {
        const first = settings.number('tokens');
        const last = first + settings.number('times') - 1;
        let seen = 0;
        for (const frame of frames) {
          if (frame.kind === 'text') seen += 1;
          yield frame;
          if (frame.kind !== 'text' || seen < first || seen > last) continue;
          for (let index = 0; index < settings.number('count'); index += 1) {
            yield rawFrame(
              `data: {"id":"chatcmpl-broken","choices":[{"delta":{"content":"x${index}\n\n`,
            );
          }
        }
      },
    }),
});

/** Answers with status 200 that are no answers, and events that are no JSON. */
export const garbageFaults: readonly Fault[] = [
  body('html', '200 with an HTML page.', 'text/html; charset=UTF-8', page),
  body('html-as-json', '200 with an HTML page labelled as JSON.', 'application/json', page),
  body('empty', '200 with an empty body.', 'application/json', ''),
  body('null', '200 with the body `null`.', 'application/json', 'null'),
  body(
    'other-json',
    '200 with JSON of another shape.',
    'application/json',
    '{"ok":true,"items":[]}',
  ),
  body(
    'not-sse',
    '200, text/event-stream, with bytes that are no events.',
    'text/event-stream',
    page,
  ),
  {
    ...{ name: 'html-502', number: 4, defaults: {} },
    sentence: '502 with an HTML page.',
    play: (scene) => say(scene, 502, 'text/html', page),
  },
  {
    ...{ name: 'whole-for-stream', number: 17, defaults: {} },
    sentence: 'Answers a streaming request with a whole JSON answer.',
    async play(scene) {
      const performance = await scene.admit({});
      if (performance) await say(scene, 200, 'application/json', performance.whole().bytes);
    },
  },
  emptyStream('empty-stream', '200 and an event stream without a single event.', () => false),
  emptyStream('done-only', 'A stream of [DONE] alone.', ({ kind }) => kind === 'done'),
  emptyStream('role-only', 'A stream of the role event alone.', ({ kind }) => kind === 'role'),
  {
    ...{ name: 'garbage-midstream', number: 17, defaults: { tokens: 8 } },
    sentence: 'After `tokens` an HTML page inside the stream.',
    play: (scene, settings) =>
      play(scene, {
        *frames(frames) {
          yield* firstTokens(frames, settings.number('tokens'));
          yield rawFrame(page);
        },
      }),
  },
  malformed(
    'malformed',
    1,
    'After `tokens`, and after each further one `times` in all, `count` malformed events, then on as if nothing was.',
  ),
  malformed('malformed-two', 2, 'After `tokens` two malformed events in a row, then on.'),
];
