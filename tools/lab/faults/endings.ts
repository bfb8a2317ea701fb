import { doneFrame, type Frame, jsonFrame } from '../frame.ts';
import { arrayAt, isObject, stringAt } from '../json.ts';
import type { Performance } from '../performed.ts';
import { play, type Spoil } from '../play.ts';
import type { Fault } from './fault.ts';

const plain = (name: string, number: number, sentence: string, spoil: Spoil): Fault => ({
  ...{ name, number, sentence, defaults: {} },
  play: (scene) => play(scene, spoil),
});

function* without(frames: Iterable<Frame>, kinds: readonly Frame['kind'][]): Generator<Frame> {
  for (const frame of frames) if (!kinds.includes(frame.kind)) yield frame;
}

/** Everything before the last event of the given kind, what is put in its place, and the rest. */
function* replaced(
  frames: Iterable<Frame>,
  kind: Frame['kind'],
  make: (frame: Frame) => Iterable<Frame>,
): Generator<Frame> {
  for (const frame of frames) {
    if (frame.kind === kind) yield* make(frame);
    else yield frame;
  }
}

const withoutGroqUsage = ({ event, kind }: Frame): Frame => {
  const { x_groq: _, ...rest } = event ?? {};
  return jsonFrame(kind, rest);
};

const usageOf = ({ event = {} }: Frame): unknown =>
  isObject(event.x_groq) ? event.x_groq.usage : undefined;

const usageEvent = (performance: Performance, usage: unknown): Frame =>
  jsonFrame('usage', performance.event({ choices: [], usage }));

function* doubleUsage(frames: Iterable<Frame>, performance: Performance): Generator<Frame> {
  yield* replaced(without(frames, ['usage']), 'finish', function* (frame) {
    yield frame;
    yield usageEvent(performance, usageOf(frame));
    yield usageEvent(performance, usageOf(frame));
  });
}

function* emptyChoices(frames: Iterable<Frame>, performance: Performance): Generator<Frame> {
  for (const frame of frames) {
    if (frame.kind === 'text') yield jsonFrame('other', performance.event({ choices: [] }));
    yield frame;
  }
}

function* splitSurrogates(frames: Iterable<Frame>): Generator<Frame> {
  for (const frame of frames) {
    const [choice] = arrayAt(frame.event ?? {}, 'choices');
    const delta = isObject(choice) && isObject(choice.delta) ? choice.delta : {};
    const content = stringAt(delta, 'content') ?? '';
    const at = content.search(/[\ud800-\udbff][\udc00-\udfff]/);
    const parts = at < 0 ? [] : [content.slice(0, at + 1), content.slice(at + 1)];
    for (const part of parts) {
      const half = { ...(isObject(choice) && choice), delta: { content: part } };
      yield jsonFrame('text', { ...frame.event, choices: [half] });
    }
    if (parts.length === 0) yield frame;
  }
}

/** How streams end and count: [DONE] and usage missing, doubled or elsewhere. */
export const endingFaults: readonly Fault[] = [
  plain('no-done', 11, 'A whole stream without [DONE], properly ended.', {
    frames: (frames) => without(frames, ['done']),
  }),
  plain('no-done-fin', 11, 'A whole stream without [DONE]; FIN without the last chunk.', {
    ...{ frames: (frames) => without(frames, ['done']), ending: 'fin' },
  }),
  plain('no-done-open', 11, 'A whole stream without [DONE]; the socket stays open, silent.', {
    ...{ frames: (frames) => without(frames, ['done']), ending: 'stall' },
  }),
  plain('done-open', 11, 'A whole stream with [DONE]; the body never ends.', { ending: 'stall' }),
  plain('done-double', 11, '[DONE] twice.', {
    frames: (frames) => replaced(frames, 'done', () => [doneFrame, doneFrame]),
  }),
  plain('usage-double', 19, 'The usage event twice, besides the one in x_groq.', {
    frames: doubleUsage,
  }),
  plain('usage-never', 19, 'No usage anywhere.', {
    frames: (frames) =>
      replaced(without(frames, ['usage']), 'finish', (frame) => [withoutGroqUsage(frame)]),
    body(bytes) {
      const { usage: _, ...rest } = JSON.parse(bytes.toString());
      return Buffer.from(JSON.stringify(rest));
    },
  }),
  plain('usage-x-groq', 19, 'Usage only in x_groq, even where include_usage asks for more.', {
    frames: (frames) => without(frames, ['usage']),
  }),
  plain('empty-choices', 19, 'An event with `choices: []` before each content event.', {
    frames: emptyChoices,
  }),
  plain('split-surrogates', 18, 'Surrogate pairs divided between two events.', {
    frames: splitSurrogates,
  }),
];
