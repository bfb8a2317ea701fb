import { once } from 'node:events';
import { statSync } from 'node:fs';
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** How one request is answered. */
export type Answer = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves one file as model hosts do, and misbehaves on command. */
export type FileServer = {
  readonly url: string;
  /** The range headers of all requests so far. */
  readonly asked: readonly (string | undefined)[];
  /** Answers the next request in another way. */
  next(answer: Answer): void;
  close(): Promise<void>;
};

/** Starts a file server on a free port of this machine. */
export async function fileServer(content: Buffer): Promise<FileServer> {
  const asked: (string | undefined)[] = [];
  const answers: Answer[] = [];
  const server = createServer((request, response) => {
    asked.push(request.headers.range);
    const answer = answers.shift() ?? whole(content);
    answer(request, response);
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    asked,
    next: (answer) => void answers.push(answer),
    close: async () => {
      const closed = once(server, 'close');
      server.close();
      server.closeAllConnections();
      await closed;
    },
  };
}

/** Sends all that is asked for. */
function whole(content: Buffer): Answer {
  return (request, response) => response.end(begin(content, request, response));
}

/** Sends so many bytes of what is asked for, and goes on drop by drop. */
export function dripping(content: Buffer, bytes: number): Answer {
  return (request, response) => {
    const rest = begin(content, request, response);
    response.write(rest.subarray(0, bytes));
    let at = bytes;
    const drops = setInterval(() => response.write(rest.subarray(at, ++at)), 50);
    response.on('close', () => clearInterval(drops));
  };
}

/** Sends so many bytes, and breaks the connection when they are all in the file. */
export function breaking(content: Buffer, bytes: number, file: string): Answer {
  return (request, response) => {
    const rest = begin(content, request, response);
    const stored = content.length - rest.length + bytes;
    response.write(rest.subarray(0, bytes));
    const watch = setInterval(() => {
      if ((statSync(file, { throwIfNoEntry: false })?.size ?? 0) < stored) return;
      clearInterval(watch);
      response.destroy();
    }, 5);
  };
}

/** Writes the head, and returns the bytes that are asked for. */
function begin(content: Buffer, { headers }: IncomingMessage, response: ServerResponse): Buffer {
  const from = Number(/^bytes=(\d+)-$/.exec(headers.range ?? '')?.[1] ?? 0);
  response.writeHead(from > 0 ? 206 : 200, {
    etag: '"one"',
    'content-length': content.length - from,
    ...(from > 0
      ? { 'content-range': `bytes ${from}-${content.length - 1}/${content.length}` }
      : {}),
  });
  return content.subarray(from);
}
