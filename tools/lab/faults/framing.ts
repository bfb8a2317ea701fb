import { type Frame, jsonFrame, rawFrame } from '../frame.ts';
import { play, type Spoil } from '../play.ts';
import type { Fault } from './fault.ts';

const framing = (name: string, sentence: string, spoil: Spoil, number = 18): Fault => ({
  ...{ name, number, sentence, defaults: {} },
  play: (scene) => play(scene, spoil),
});

const reworded = (reword: (text: string, frame: Frame) => string): Spoil => ({
  *frames(frames) {
    for (const frame of frames) {
      yield { ...frame, bytes: Buffer.from(reword(frame.bytes.toString(), frame)) };
    }
  },
});

const severalLines = (text: string, { event }: Frame): string =>
  event ? `${JSON.stringify(event, null, 1).replace(/^/gm, 'data: ')}\n\n` : text;

function* inHalves(bytes: Buffer): Generator<Buffer> {
  const middle = Math.ceil(bytes.length / 2);
  yield bytes.subarray(0, middle);
  yield bytes.subarray(middle);
}

function* insideCharacters(bytes: Buffer): Generator<Buffer> {
  let start = 0;
  for (const [index, byte] of bytes.entries()) {
    if (byte < 0xc0) continue;
    yield bytes.subarray(start, index + 1);
    start = index + 1;
  }
  yield bytes.subarray(start);
}

function* oneByOne(bytes: Buffer): Generator<Buffer> {
  for (let index = 0; index < bytes.length; index += 1) yield bytes.subarray(index, index + 1);
}

const megabyte = 1024 * 1024;

const bigEvent: Fault = {
  ...{ name: 'one-mib', number: 18, defaults: { bytes: megabyte } },
  sentence: 'One event of `bytes` in the stream: the first content chunk with much padding.',
  play: (scene, settings) =>
    play(scene, {
      *frames(frames) {
        let padded = false;
        for (const frame of frames) {
          const pads: boolean = frame.kind === 'text' && !padded;
          padded = padded || pads;
          const padding = '.'.repeat(Math.max(0, settings.number('bytes')));
          yield pads ? jsonFrame('text', { ...frame.event, x_padding: padding }) : frame;
        }
      },
    }),
};

/** Whole answers in unusual but lawful clothes: everything here is to be read without loss. */
export const framingFaults: readonly Fault[] = [
  framing(
    'crlf',
    'CRLF line ends.',
    reworded((text) => text.replaceAll('\n', '\r\n')),
  ),
  framing(
    'cr',
    'Line ends of CR alone.',
    reworded((text) => text.replaceAll('\n', '\r')),
  ),
  framing(
    'comments',
    'Comment lines before and inside events.',
    reworded((text) => `: ping\n\n:\n${text}`),
  ),
  framing('data-lines', 'Several `data:` lines in each event.', reworded(severalLines)),
  framing(
    'no-space',
    '`data:` without the space.',
    reworded((text) => text.replace('data: ', 'data:')),
  ),
  framing(
    'fields',
    '`event:`, `id:` and `retry:` lines in each event.',
    reworded((text) => `event: message\nid: 7\nretry: 3000\n${text}`),
  ),
  framing('bom', 'A byte order mark before the first event.', {
    *frames(frames) {
      yield rawFrame('\ufeff');
      yield* frames;
    },
  }),
  framing('one-byte', 'One byte a packet.', { packets: oneByOne }),
  framing('half-events', 'Each event in two packets.', { packets: inHalves, packetGapMs: 2 }),
  framing('split-characters', 'Packets end inside multi-byte characters.', {
    ...{ packets: insideCharacters, packetGapMs: 2 },
  }),
  framing('glued', 'All events in one packet.', {
    *frames(frames) {
      yield rawFrame(Buffer.concat([...frames].map(({ bytes }) => bytes)));
    },
  }),
  framing('unchunked', 'No chunks; the body ends with the connection.', { framing: 'close' }),
  framing('mislabelled', 'Events labelled as text/plain.', {
    headers: { 'content-type': 'text/plain; charset=utf-8' },
  }),
  bigEvent,
];
