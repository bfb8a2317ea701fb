import { nowMs } from '../now.ts';
import { type Ending, endConnection, play } from '../play.ts';
import { serverError } from '../refusal.ts';
import type { Scene } from '../scene.ts';
import type { Fault } from './fault.ts';
import { refuseAsProxy } from './proxy.ts';

const streamHead = { 'content-type': 'text/event-stream', 'transfer-encoding': 'chunked' };

/** Waits for so long, or for ever at a negative number. */
const holdFor = (scene: Scene, milliseconds: number): Promise<void> =>
  milliseconds < 0 ? scene.wire.hold() : scene.wire.wait(milliseconds);

const down: Fault = {
  ...{ name: 'down', number: 15, defaults: { ms: 5000, how: '503' } },
  words: { how: ['503', 'reset', 'fin', 'silent'] },
  sentence:
    'Down for `ms` from the first request on, then healthy; `how` is 503, reset, fin or silent.',
  play(scene, settings) {
    if (nowMs() - scene.sinceMs >= settings.number('ms')) return play(scene);
    const how = settings.word('how');
    const endings: Readonly<Record<string, Exclude<Ending, 'finished'>>> = {
      ...{ reset: 'reset', fin: 'fin', silent: 'stall' },
    };
    const ending = endings[how];
    return ending ? endConnection(scene, ending) : scene.refuse(serverError(503));
  },
};

const lateFirstToken: Fault = {
  ...{ name: 'late-first-token', number: 7, defaults: { ms: 30_000, role: 0 } },
  sentence:
    'Headers at once, the first token after `ms`; `role=1` sends the role event at once. Whole: the head at once, the body late.',
  play(scene, settings) {
    const ms = settings.number('ms');
    const roleAtOnce = settings.number('role') === 1;
    return play(scene, {
      bodyDelayMs: ms,
      *frames(frames) {
        let waited = false;
        for (const frame of frames) {
          const late: boolean = !waited && !(roleAtOnce && frame.kind === 'role');
          waited = waited || late;
          yield late ? { ...frame, pauseMs: ms } : frame;
        }
      },
    });
  },
};

/** Faults of the connection: before, instead of, or around the head of an answer. */
export const connectionFaults: readonly Fault[] = [
  {
    ...{ name: 'reset', number: 5, defaults: { delay: 0 } },
    sentence: 'RST instead of an answer, after `delay`.',
    async play({ wire }, settings) {
      await wire.wait(settings.number('delay'));
      await wire.reset();
    },
  },
  {
    ...{ name: 'fin', number: 5, defaults: { delay: 0 } },
    sentence: 'FIN instead of an answer, after `delay`.',
    async play({ wire }, settings) {
      await wire.wait(settings.number('delay'));
      wire.close();
    },
  },
  {
    ...{ name: 'silent', number: 6, defaults: {} },
    sentence: 'Accepts the request and never answers.',
    play: ({ wire }) => wire.hold(),
  },
  {
    ...{ name: 'late', number: 6, defaults: { ms: 30_000 } },
    sentence: 'Answers properly, but only after `ms`.',
    async play(scene, settings) {
      await scene.wire.wait(settings.number('ms'));
      await play(scene);
    },
  },
  lateFirstToken,
  {
    ...{ name: 'headers-only', number: 7, defaults: { ms: -1 } },
    sentence: 'Headers of a stream, then nothing; a FIN after `ms` (-1: never).',
    async play(scene, settings) {
      await scene.wire.head(200, { ...scene.headers(), ...streamHead });
      await holdFor(scene, settings.number('ms'));
      scene.wire.close();
    },
  },
  {
    ...{ name: 'half-headers', number: 5, defaults: { ms: -1 } },
    sentence: 'Half a head, then nothing; a FIN after `ms` (-1: never).',
    async play(scene, settings) {
      await scene.wire.send('HTTP/1.1 200 OK\r\ncontent-type: text/event-str');
      await holdFor(scene, settings.number('ms'));
      scene.wire.close();
    },
  },
  {
    ...{ name: 'not-http', number: 23, defaults: {} },
    sentence: 'Bytes that are no HTTP, then FIN.',
    async play({ wire }) {
      await wire.send(Buffer.from('\u0000\u0001 220 mail.example.org ESMTP ready\r\n', 'latin1'));
      wire.close();
    },
  },
  {
    ...{ name: '407', number: 23, defaults: {} },
    sentence: '407 as a proxy that wants a password.',
    play: ({ wire }) => refuseAsProxy(wire),
  },
  down,
];
