import type { AnswerBend } from './answer.ts';
import { type Frame, isToken } from './frame.ts';
import { nowMs } from './now.ts';
import type { Performance } from './performed.ts';
import type { Scene } from './scene.ts';
import type { Wire } from './wire.ts';

/**
 * How an answer ends on the wire: `finished` (complete HTTP, connection kept), `fin` and `reset`
 * (the connection ends there and then), `stall` (the socket stays open and silent).
 */
export type Ending = 'finished' | 'fin' | 'reset' | 'stall';

/** How the events of a stream are spoilt. Everything left out is as Groq does it. */
export type Spoil = {
  readonly bend?: AnswerBend;
  readonly frames?: (frames: Iterable<Frame>, performance: Performance) => Iterable<Frame>;
  /** Cuts one event's bytes into the packets that are written one by one. */
  readonly packets?: (bytes: Buffer) => Iterable<Buffer>;
  readonly packetGapMs?: number;
  /** `close` leaves the body without chunks, ended by the end of the connection. */
  readonly framing?: 'chunked' | 'close';
  readonly ending?: Ending;
  readonly headers?: Readonly<Record<string, string>>;
  /** What a whole answer's body becomes; its length is counted afterwards. */
  readonly body?: (bytes: Buffer, performance: Performance) => Buffer;
  /** How long the body of a whole answer comes after its head. */
  readonly bodyDelayMs?: number;
};

/** Ends the connection as told; `stall` only returns by throwing, when the caller has left. */
export async function endConnection({ wire }: Scene, ending: Exclude<Ending, 'finished'>) {
  if (ending === 'fin') return wire.close();
  if (ending === 'reset') return wire.reset();
  return wire.hold();
}

async function* paced(frames: Iterable<Frame>, { wire, gapMs }: Scene) {
  const startMs = nowMs();
  let tokens = 0;
  for (const frame of frames) {
    if (isToken(frame)) tokens += 1;
    const earlyMs = startMs + tokens * gapMs - nowMs();
    if (gapMs > 0 && earlyMs >= 1) await wire.wait(earlyMs);
    if (frame.pauseMs) await wire.wait(frame.pauseMs);
    yield frame;
  }
}

async function writePackets(
  wire: Wire,
  write: (bytes: Buffer) => Promise<void>,
  bytes: Buffer,
  { packets, packetGapMs = 0 }: Spoil,
) {
  for (const packet of packets?.(bytes) ?? [bytes]) {
    await write(packet);
    if (packets) await (packetGapMs > 0 ? wire.wait(packetGapMs) : wire.breathe());
  }
}

/** Streams the answer, spoilt as told. */
async function playStream(scene: Scene, performance: Performance, spoil: Spoil) {
  const { wire } = scene;
  const { frames = (healthy) => healthy, framing = 'chunked', ending = 'finished' } = spoil;
  const body = framing === 'close' ? { connection: 'close' } : { 'transfer-encoding': 'chunked' };
  const type = { 'content-type': 'text/event-stream', 'cache-control': 'no-cache' };
  const write = framing === 'close' ? wire.send : wire.chunk;
  await wire.head(200, { ...scene.headers(), ...type, ...body, ...spoil.headers });
  for await (const { bytes } of paced(frames(performance.frames(), performance), scene)) {
    await writePackets(wire, write, bytes, spoil);
  }
  if (ending !== 'finished') return endConnection(scene, ending);
  return framing === 'close' ? wire.close() : wire.lastChunk();
}

/** Gives the whole answer; an ending other than `finished` comes after half of the body. */
async function playWhole(scene: Scene, performance: Performance, spoil: Spoil) {
  const { wire, gapMs } = scene;
  const { ending = 'finished', framing = 'chunked', body = (healthy) => healthy } = spoil;
  const { contentType, bytes: healthyBytes } = performance.whole();
  const bytes = body(healthyBytes, performance);
  if (gapMs > 0) await wire.wait(performance.answerTokens * gapMs);
  const length =
    framing === 'close' ? { connection: 'close' } : { 'content-length': String(bytes.length) };
  await wire.head(200, {
    ...scene.headers(),
    ...{ 'content-type': contentType, ...length, ...spoil.headers },
  });
  if (spoil.bodyDelayMs) await wire.wait(spoil.bodyDelayMs);
  if (ending === 'finished') {
    if (bytes.length > 0) await writePackets(wire, wire.send, bytes, spoil);
    return framing === 'close' ? wire.close() : undefined;
  }
  await wire.send(bytes.subarray(0, Math.ceil(bytes.length / 2)));
  return endConnection(scene, ending);
}

/** Answers as asked, whole or as a stream, spoilt as told. */
export async function play(scene: Scene, spoil: Spoil = {}): Promise<void> {
  const performance = await scene.admit(spoil.bend ?? {});
  if (!performance) return;
  await (performance.streams ? playStream : playWhole)(scene, performance, spoil);
}
