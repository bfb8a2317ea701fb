import { connect, type Socket } from 'node:net';
import type { Peer } from './lib/peers.ts';
import { requestBytes } from './lib/request.ts';
import { quantile, rounded } from './lib/statistics.ts';

/** Many streams at once through one peer. */
export type StreamRow = {
  readonly peer: string;
  readonly streams: number;
  /** Why the peer could not do it. */
  readonly failed?: string;
  /** Milliseconds from the request to the first event, median and 99th percentile. */
  readonly firstEventP50: number;
  readonly firstEventP99: number;
  /** By how much gaps between two packets differ from the upstream's 50 ms, 99th percentile, ms. */
  readonly jitterP99: number;
  /** CPU microseconds of the peer for one event. */
  readonly cpuMicrosAnEvent: number;
  /** Resident memory that one open stream adds, in KB. */
  readonly kilobytesAStream: number;
  /** Resident memory that stays after they closed, in MB. */
  readonly megabytesLeft: number;
};

const EVENTS = 60;
const GAP_MS = 50;

/** Measures one peer at each number of streams. */
export async function benchStreams(
  peers: readonly Peer[],
  { counts = [1, 100, 1000] }: { counts?: readonly number[] } = {},
): Promise<StreamRow[]> {
  const rows: StreamRow[] = [];
  for (const streams of counts) {
    for (const peer of peers) {
      rows.push(await tried(peer, streams));
    }
  }
  return rows;
}

/** A peer that can't stream says so in the table; the others are measured all the same. */
async function tried(peer: Peer, streams: number): Promise<StreamRow> {
  try {
    // Warm: the code, and the memory that as many streams leave behind.
    await run(peer, streams);
    return await measure(peer, streams);
  } catch (error) {
    const none = Number.NaN;
    return {
      peer: peer.name,
      streams,
      failed: error instanceof Error ? error.message : String(error),
      ...{ firstEventP50: none, firstEventP99: none, jitterP99: none },
      ...{ cpuMicrosAnEvent: none, kilobytesAStream: none, megabytesLeft: none },
    };
  }
}

async function measure(peer: Peer, streams: number): Promise<StreamRow> {
  const restBytes = peer.residentBytes();
  const cpuBefore = peer.cpuSeconds();
  let openBytes = restBytes;
  const halfway = setTimeout(
    () => {
      openBytes = peer.residentBytes();
    },
    (EVENTS * GAP_MS) / 2,
  );
  const heard = await run(peer, streams);
  const firstEvents = heard.map(({ firstMs }) => firstMs);
  clearTimeout(halfway);
  const cpu = peer.cpuSeconds() - cpuBefore;
  await new Promise((done) => setTimeout(done, 2_000));
  return {
    peer: peer.name,
    streams,
    firstEventP50: rounded(quantile(firstEvents, 0.5)),
    firstEventP99: rounded(quantile(firstEvents, 0.99)),
    jitterP99: rounded(
      quantile(
        heard.flatMap(({ gapsMs }) => gapsMs.map((gap) => Math.abs(gap - GAP_MS))),
        0.99,
      ),
    ),
    cpuMicrosAnEvent: rounded((cpu * 1e6) / (streams * EVENTS)),
    kilobytesAStream: rounded((openBytes - restBytes) / 1024 / streams),
    megabytesLeft: rounded((peer.residentBytes() - restBytes) / 1024 / 1024),
  };
}

/** When a stream's first event came, and what passed between its packets. */
type Heard = { readonly firstMs: number; readonly gapsMs: readonly number[] };

/** Opens the streams at once over plain sockets; resolves at their end. */
function run(peer: Peer, streams: number): Promise<Heard[]> {
  const { hostname, port } = new URL(peer.url);
  const bytes = requestBytes(peer, `events=${EVENTS},gap=${GAP_MS}`, { stream: true });
  const each = () => hear(connect(Number(port), hostname), bytes);
  return Promise.all(Array.from({ length: streams }, each));
}

function hear(socket: Socket, bytes: string): Promise<Heard> {
  return new Promise((resolve, reject) => {
    let since = 0;
    let lastAt = 0;
    let firstMs = Number.NaN;
    const gapsMs: number[] = [];
    let tail = '';
    socket.on('connect', () => {
      since = performance.now();
      socket.write(bytes);
    });
    socket.on('data', (part) => {
      const text = part.toString('latin1');
      const now = performance.now();
      if (!Number.isNaN(firstMs)) gapsMs.push(now - lastAt);
      else if (text.includes('data: ')) firstMs = now - since;
      lastAt = now;
      tail = (tail + text).slice(-40);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      // The first gap is the one to the first timer, the last one none at all.
      if (tail.includes('[DONE]')) resolve({ firstMs, gapsMs: gapsMs.slice(1, -1) });
      else reject(new Error('a stream was cut'));
    });
  });
}
