import { connect, type Socket } from 'node:net';
import type { Peer } from './lib/peers.ts';
import { refusalIn, requestBytes } from './lib/request.ts';
import { rounded } from './lib/statistics.ts';

/** Callers that ask for a long stream and don't read it. */
export type SlowReadersRow = {
  readonly peer: string;
  /** Live memory that each of them keeps, in MB, while 40 MB are on their way to each. */
  readonly megabytesEach: number;
  /** What stays alive after they have hung up, in MB. */
  readonly megabytesLeft: number;
  /** Why the peer could not do it. */
  readonly failed?: string;
};

const CALLERS = 20;
const HOLD_MS = 5_000;
const SETTLE_MS = 2_000;

/** Measures each peer with callers that don't read for five seconds, then hang up. */
export async function benchSlowReaders(peers: readonly Peer[]): Promise<SlowReadersRow[]> {
  const rows: SlowReadersRow[] = [];
  for (const peer of peers) {
    // Once for the heap to find its size, once to measure.
    await hold(peer);
    const restBytes = await peer.liveBytes();
    const { heldBytes, failed } = await hold(peer);
    const megabytes = (bytes: number) => rounded((bytes - restBytes) / 1024 / 1024);
    rows.push({
      peer: peer.name,
      megabytesEach: rounded((heldBytes - restBytes) / 1024 / 1024 / CALLERS),
      megabytesLeft: megabytes(await peer.liveBytes()),
      ...(failed === undefined ? {} : { failed }),
    });
  }
  return rows;
}

/** What was seen of a peer while so many didn't read. */
type Held = { readonly heldBytes: number; readonly failed: string | undefined };

async function hold(peer: Peer): Promise<Held> {
  const sockets = Array.from({ length: CALLERS }, () => ask(peer));
  await new Promise((done) => setTimeout(done, HOLD_MS));
  const heldBytes = await peer.liveBytes();
  const refusals = await Promise.all(
    sockets.map(async (socket) => refusalIn(await headOf(socket))),
  );
  for (const socket of sockets) socket.destroy();
  await new Promise((done) => setTimeout(done, SETTLE_MS));
  return { heldBytes, failed: refusals.find((refusal) => refusal !== undefined) };
}

/** What a caller reads first after all; nothing if the peer has hung up. */
function headOf(socket: Socket): Promise<string> {
  if (socket.destroyed) return Promise.resolve('');
  return new Promise((resolve) => {
    socket.once('data', (bytes) => {
      socket.pause();
      resolve(bytes.toString('latin1'));
    });
    socket.once('close', () => resolve(''));
    socket.resume();
  });
}

function ask(peer: Peer): Socket {
  const { hostname, port } = new URL(peer.url);
  const socket = connect(Number(port), hostname);
  socket.pause();
  // A hang-up of the peer's is as good an end as ours.
  socket.on('error', () => {});
  socket.write(requestBytes(peer, 'events=10000,gap=1,chunk=16000', { stream: true }));
  return socket;
}
