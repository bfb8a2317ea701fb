import { connect, type Socket } from 'node:net';
import { requestBytes } from './request.ts';

/** Asks one address again and again. */
export type Asker = {
  /** Milliseconds from handing a request to the system until its answer is in. */
  ask(): Promise<number>;
  close(): void;
};

/** Who says nothing for so long will not answer. */
const SILENT_MS = 5_000;

/**
 * Asks over plain sockets, each kept for the next request, so that the client's own share is small and
 * the same whoever answers. A request that finds none free opens another one: nobody waits for anybody.
 */
export function asker(
  target: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  model: string,
): Asker {
  const request = requestBytes(target, model, {}, 'keep-alive');
  const { hostname, port } = new URL(target.url);
  const free: Socket[] = [];
  const all = new Set<Socket>();

  async function opened(): Promise<Socket> {
    const socket = connect({ host: hostname, port: Number(port), noDelay: true });
    socket.setTimeout(SILENT_MS, () => socket.destroy());
    all.add(socket);
    await new Promise((done, fail) => socket.once('connect', done).once('error', fail));
    return socket;
  }

  /** Undefined where each is in use, or was closed while it stood idle. */
  function kept(): Socket | undefined {
    let socket = free.pop();
    while (socket?.destroyed) socket = free.pop();
    return socket;
  }

  return {
    ask: async () => {
      const socket = kept() ?? (await opened());
      const took = await asked(socket, request);
      free.push(socket);
      return took;
    },
    close: () => {
      for (const socket of all) socket.destroy();
    },
  };
}

/** Lets a request leave when it is due; its answer is waited for by whoever wants to. */
export async function askAt(due: number, { ask }: Asker) {
  const wait = due - performance.now();
  if (wait > 0) await new Promise((done) => setTimeout(done, wait));
  return { lateMs: performance.now() - due, took: ask() };
}

function asked(socket: Socket, request: string): Promise<number> {
  return new Promise((resolve, reject) => {
    let answer = '';
    const since = performance.now();
    const fail = () => reject(new Error(`no whole answer: ${answer.slice(0, 200)}`));
    const read = (bytes: Buffer) => {
      answer += bytes.toString('latin1');
      if (!isWhole(answer)) return;
      const took = performance.now() - since;
      socket.off('data', read).off('close', fail);
      if (answer.startsWith('HTTP/1.1 200 ')) resolve(took);
      else fail();
    };
    socket.on('data', read).on('close', fail);
    socket.write(request);
  });
}

function isWhole(answer: string): boolean {
  const end = answer.indexOf('\r\n\r\n');
  if (end < 0) return false;
  const length = /\r\ncontent-length: *(\d+)/i.exec(answer.slice(0, end + 2))?.[1];
  if (length === undefined) return answer.endsWith('\r\n0\r\n\r\n');
  return answer.length >= end + 4 + Number(length);
}
