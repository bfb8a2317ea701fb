import { connect, type Socket } from 'node:net';
import type { Peer } from './lib/peers.ts';
import { refusalIn, requestBytes } from './lib/request.ts';
import { median, quantile, rounded } from './lib/statistics.ts';

/** Many streams at once through one peer. */
export type StreamRow = {
  readonly peer: string;
  readonly streams: number;
  /** Why the peer could not do it. */
  readonly failed?: string;
  /**
   * Milliseconds from the request to the first event, median and 99th percentile. The upstream's is
   * role-only, and comes a gap before the first token; keyturn holds it back until then.
   */
  readonly firstEventP50: number;
  readonly firstEventP99: number;
  /** The same to the first event with content. */
  readonly firstTokenP50: number;
  readonly firstTokenP99: number;
  /** By how much gaps between two packets differ from the upstream's 50 ms, 99th percentile, ms. */
  readonly jitterP99: number;
  /** CPU microseconds of the peer for one event. */
  readonly cpuMicrosAnEvent: number;
  /** What one open stream keeps alive in V8's heap and through it, in KB. */
  readonly kilobytesAStream: number;
  /** Resident memory over that before the first of all rounds, after a rest, in MB. */
  readonly megabytesLeft: number;
};

/** A row before the rest. */
type Round = Omit<StreamRow, 'megabytesLeft'>;

const EVENTS = 60;
const GAP_MS = 50;

/** Long enough that all streams are open before the first one ends. */
const WEIGHED_EVENTS = 160;

/** V8 gives memory back when a process has been at rest for about a minute. */
const REST_MS = 90_000;

/** Measures the peers by turns at each number of streams. */
export async function benchStreams(
  peers: readonly Peer[],
  { rounds = 3, counts = [1, 100, 1000] }: { rounds?: number; counts?: readonly number[] } = {},
): Promise<StreamRow[]> {
  const rows: StreamRow[] = [];
  for (const streams of counts) {
    const measured: Round[] = [];
    const before = peers.map((peer) => peer.residentBytes());
    for (let round = 0; round < rounds; round++) {
      for (const peer of peers) measured.push(await tried(peer, streams, round === 0));
    }
    await new Promise((done) => setTimeout(done, REST_MS));
    for (const [index, peer] of peers.entries()) {
      const left = peer.residentBytes() - (before[index] ?? Number.NaN);
      const row = medianOf(measured.filter(({ peer: name }) => name === peer.name));
      rows.push({ ...row, megabytesLeft: rounded(left / 1024 / 1024) });
    }
  }
  return rows;
}

/** A peer's row with the median of each figure; one that failed in a round has failed. */
function medianOf(rows: readonly Round[]): Round {
  const [first] = rows;
  if (!first) throw new Error('no round was measured');
  const failed = rows.find((row) => row.failed !== undefined);
  const of = (figure: Exclude<keyof Round, 'peer' | 'streams' | 'failed'>) =>
    median(rows.map((row) => row[figure]));
  return (
    failed ?? {
      ...first,
      firstEventP50: of('firstEventP50'),
      firstEventP99: of('firstEventP99'),
      firstTokenP50: of('firstTokenP50'),
      firstTokenP99: of('firstTokenP99'),
      jitterP99: of('jitterP99'),
      cpuMicrosAnEvent: of('cpuMicrosAnEvent'),
      kilobytesAStream: of('kilobytesAStream'),
    }
  );
}

/** A peer that can't stream says so in the table; the others are measured all the same. */
async function tried(peer: Peer, streams: number, isFirst: boolean): Promise<Round> {
  try {
    // Warm: the code, and the memory that as many streams leave behind.
    if (isFirst) await run(peer, streams);
    return await measure(peer, streams);
  } catch (error) {
    const none = Number.NaN;
    return {
      peer: peer.name,
      streams,
      failed: error instanceof Error ? error.message : String(error),
      ...{ firstEventP50: none, firstEventP99: none, firstTokenP50: none, firstTokenP99: none },
      ...{ jitterP99: none },
      ...{ cpuMicrosAnEvent: none, kilobytesAStream: none },
    };
  }
}

async function measure(peer: Peer, streams: number): Promise<Round> {
  const cpuBefore = peer.cpuSeconds();
  const heard = await run(peer, streams);
  const firstEvents = heard.map(({ firstMs }) => firstMs);
  const firstTokens = heard.map(({ tokenMs }) => tokenMs);
  const cpu = peer.cpuSeconds() - cpuBefore;
  // What is still being closed is not to take the next peer's time.
  await new Promise((done) => setTimeout(done, 2_000));
  return {
    peer: peer.name,
    streams,
    firstEventP50: rounded(quantile(firstEvents, 0.5)),
    firstEventP99: rounded(quantile(firstEvents, 0.99)),
    firstTokenP50: rounded(quantile(firstTokens, 0.5)),
    firstTokenP99: rounded(quantile(firstTokens, 0.99)),
    jitterP99: rounded(
      quantile(
        heard.flatMap(({ gapsMs }) => gapsMs.map((gap) => Math.abs(gap - GAP_MS))),
        0.99,
      ),
    ),
    cpuMicrosAnEvent: rounded((cpu * 1e6) / (streams * EVENTS)),
    kilobytesAStream: rounded((await liveBytesOf(peer, streams)) / 1024 / streams),
  };
}

/** What open streams keep alive, in a run of its own: collecting garbage holds everything up. */
async function liveBytesOf(peer: Peer, streams: number): Promise<number> {
  const before = await peer.liveBytes();
  let over: Promise<unknown> = Promise.resolve();
  await new Promise<void>((resolve, reject) => {
    let begun = 0;
    over = run(peer, streams, WEIGHED_EVENTS, () => {
      begun += 1;
      if (begun === streams) resolve();
    });
    over.catch(reject);
  });
  const open = await peer.liveBytes();
  await over;
  return open - before;
}

/** When a stream's first event and first token came, and what passed between its packets. */
type Heard = {
  readonly firstMs: number;
  readonly tokenMs: number;
  readonly gapsMs: readonly number[];
};

/** Opens the streams at once over plain sockets; resolves at their end. */
function run(peer: Peer, streams: number, events = EVENTS, onToken = () => {}): Promise<Heard[]> {
  const { hostname, port } = new URL(peer.url);
  const bytes = requestBytes(peer, `events=${events},gap=${GAP_MS}`, { stream: true });
  const each = () => hear(connect(Number(port), hostname), bytes, onToken);
  return Promise.all(Array.from({ length: streams }, each));
}

/** @param onToken told of its first token */
function hear(socket: Socket, bytes: string, onToken: () => void): Promise<Heard> {
  return new Promise((resolve, reject) => {
    let since = 0;
    let lastAt = 0;
    let firstMs = Number.NaN;
    let tokenMs = Number.NaN;
    const gapsMs: number[] = [];
    let head: string | undefined;
    let tail = '';
    socket.on('connect', () => {
      since = performance.now();
      socket.write(bytes);
    });
    socket.on('data', (part) => {
      const text = part.toString('latin1');
      const now = performance.now();
      head ??= text;
      if (!Number.isNaN(firstMs)) gapsMs.push(now - lastAt);
      else if (text.includes('data: ')) firstMs = now - since;
      if (Number.isNaN(tokenMs) && text.includes('token ')) {
        tokenMs = now - since;
        onToken();
      }
      lastAt = now;
      tail = (tail + text).slice(-40);
    });
    socket.on('error', reject);
    socket.on('close', () => {
      // The first gap is the one to the first timer, the last one none at all.
      if (tail.includes('[DONE]')) resolve({ firstMs, tokenMs, gapsMs: gapsMs.slice(1, -1) });
      else reject(new Error(refusalIn(head ?? '') ?? 'a stream was cut'));
    });
  });
}
