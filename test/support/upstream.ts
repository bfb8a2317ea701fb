import { createServer, type Socket } from 'node:net';

/** A provider of a test's own, over raw TCP. */
type Upstream = {
  /** To be given as `GROQ_BASE_URL`. */
  readonly url: string;
  close(): void;
};

/** Answers every request in the test's own way. */
export async function startUpstream(
  answer: (socket: Socket, request: string) => void,
): Promise<Upstream> {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on('error', () => socket.destroy());
    socket.once('close', () => sockets.delete(socket));
    socket.once('data', (bytes) => answer(socket, bytes.toString()));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  const port = typeof address === 'object' && address ? address.port : 0;
  return {
    url: `http://127.0.0.1:${port}/openai/v1`,
    close: () => {
      server.close();
      for (const socket of sockets) socket.destroy();
    },
  };
}

/** Answers every request with these very bytes. */
export async function upstreamThatSays(
  contentType: string,
  text: string,
): Promise<Upstream & { readonly text: string }> {
  const length = Buffer.byteLength(text);
  const head = `HTTP/1.1 200 OK\r\ncontent-type: ${contentType}\r\ncontent-length: ${length}\r\n\r\n`;
  return { text, ...(await startUpstream((socket) => socket.end(head + text))) };
}
