import { type Frame, jsonFrame, rawFrame } from '../frame.ts';
import { arrayAt, isObject, stringAt } from '../json.ts';
import { play } from '../play.ts';
import { endingOf, endingWords } from './cut-ending.ts';
import type { Fault } from './fault.ts';

const contentOf = ({ event = {} }: Frame): string => {
  const [choice] = arrayAt(event, 'choices');
  const delta = isObject(choice) && isObject(choice.delta) ? choice.delta : {};
  return stringAt(delta, 'content') ?? '';
};

function withContent(frame: Frame, content: string): Frame {
  const [choice] = arrayAt(frame.event ?? {}, 'choices');
  const delta = { content };
  return jsonFrame('text', {
    ...frame.event,
    choices: [{ ...(isObject(choice) && choice), delta }],
  });
}

type Slice = (frame: Frame) => Frame | undefined;

/** Each says where the last event sent is cut; undefined for an event that has no such place. */
const slices: Readonly<Record<string, Slice>> = {
  word(frame) {
    const content = contentOf(frame);
    return /^ ?[a-z]{4,}$/.test(content) ? withContent(frame, content.slice(0, -2)) : undefined;
  },
  surrogate(frame) {
    const content = contentOf(frame);
    const at = content.search(/[\ud800-\udbff][\udc00-\udfff]/);
    return at < 0 ? undefined : withContent(frame, content.slice(0, at + 1));
  },
  fence: (frame) => (contentOf(frame).includes('```ts') ? frame : undefined),
  character({ bytes }) {
    const at = bytes.findIndex((byte) => byte >= 0xc0);
    return at < 0 ? undefined : rawFrame(bytes.subarray(0, at + 1));
  },
  event: ({ bytes }) => rawFrame(bytes.subarray(0, Math.ceil(bytes.length / 2))),
};

/** Events up to the first place of that kind after so many tokens, the last one sliced there. */
function* upToSlice(frames: Iterable<Frame>, tokens: number, slice: Slice): Generator<Frame> {
  let seen = 0;
  for (const frame of frames) {
    if (frame.kind === 'finish') return;
    const sliced = frame.kind === 'text' && seen >= tokens ? slice(frame) : undefined;
    if (frame.kind === 'text') seen += 1;
    yield sliced ?? frame;
    if (sliced) return;
  }
}

const sliceFault = (place: string, sentence: string): Fault => ({
  ...{ name: `cut-in-${place}`, number: 8, sentence, defaults: { tokens: 8, ending: 'open' } },
  words: endingWords,
  play: (scene, settings) =>
    play(scene, {
      ...endingOf(settings),
      frames: (frames) =>
        upToSlice(frames, settings.number('tokens'), slices[place] ?? (() => undefined)),
    }),
});

/** Streams that are cut at an awkward place: inside a word, a character, an event. */
export const sliceFaults: readonly Fault[] = [
  sliceFault('word', 'Cut inside a word, at the first one after `tokens`.'),
  sliceFault('surrogate', 'Cut between the halves of a surrogate pair.'),
  sliceFault('fence', 'Cut inside a code fence.'),
  sliceFault('character', 'Cut inside the bytes of one character, so inside an event.'),
  sliceFault('event', 'Cut inside an event.'),
];
