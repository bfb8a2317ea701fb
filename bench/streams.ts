import { connect, type Socket } from 'node:net';
import type { Peer } from './lib/peers.ts';
import { PATH, requestOf } from './lib/request.ts';
import { quantile, rounded } from './lib/statistics.ts';

/** Many streams at once through one peer. */
export type StreamRow = {
  readonly peer: string;
  readonly streams: number;
  /** Milliseconds from the request to the first event, median and 99th percentile. */
  readonly firstEventP50: number;
  readonly firstEventP99: number;
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
      await run(peer, Math.min(streams, 20));
      rows.push(await measure(peer, streams));
    }
  }
  return rows;
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
  const firstEvents = await run(peer, streams);
  clearTimeout(halfway);
  const cpu = peer.cpuSeconds() - cpuBefore;
  await new Promise((done) => setTimeout(done, 500));
  return {
    peer: peer.name,
    streams,
    firstEventP50: rounded(quantile(firstEvents, 0.5)),
    firstEventP99: rounded(quantile(firstEvents, 0.99)),
    cpuMicrosAnEvent: rounded((cpu * 1e6) / (streams * EVENTS)),
    kilobytesAStream: rounded((openBytes - restBytes) / 1024 / streams),
    megabytesLeft: rounded((peer.residentBytes() - restBytes) / 1024 / 1024),
  };
}

/** Opens the streams at once over plain sockets, which cost the client least; resolves at their end. */
function run(peer: Peer, streams: number): Promise<number[]> {
  const { hostname, port } = new URL(peer.url);
  const body = requestOf(`events=${EVENTS},gap=${GAP_MS}`, 250, { stream: true });
  const headers = { ...peer.headers, 'content-type': 'application/json', host: hostname };
  const head = Object.entries({ ...headers, 'content-length': body.length, connection: 'close' })
    .map(([name, value]) => `${name}: ${value}\r\n`)
    .join('');
  const bytes = `POST ${PATH} HTTP/1.1\r\n${head}\r\n${body}`;
  const each = () => hear(connect(Number(port), hostname), bytes);
  return Promise.all(Array.from({ length: streams }, each));
}

function hear(socket: Socket, bytes: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let since = 0;
    let firstMs = Number.NaN;
    let tail = '';
    socket.on('connect', () => {
      since = performance.now();
      socket.write(bytes);
    });
    socket.on('data', (part) => {
      const text = part.toString('latin1');
      if (Number.isNaN(firstMs) && text.includes('data: ')) firstMs = performance.now() - since;
      tail = (tail + text).slice(-40);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      if (tail.includes('[DONE]')) resolve(firstMs);
      else reject(new Error(`a stream was cut: …${tail}`));
    });
  });
}
