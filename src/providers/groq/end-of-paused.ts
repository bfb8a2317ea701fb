import { subscribe } from 'node:diagnostics_channel';
import type { Socket } from 'node:net';

/** undici's reader of a connection's answers, as far as it is needed here. */
type Parser = {
  paused: boolean;
  readonly ptr: number;
  readonly llhttp: { llhttp_resume(ptr: number): void };
  resume(): void;
};

/**
 * A provider that closes its connection behind an answer which a slow caller has paused ends the whole
 * process in undici 7: its parser insists on not being paused then. (undici 8 has that mended, and needs
 * Node 22: https://github.com/nodejs/undici/issues/5360.) So each parser is woken before it hears of
 * the end. Every byte is here by then, and waits for its reader all the same.
 */
export function wakeAtEnd(): void {
  // The one public way to undici's connections that leads through a proxy as well.
  subscribe('undici:client:connected', (message) => {
    const { socket } = message as { readonly socket: Socket };
    socket.prependListener('end', () => wake(parserOf(socket)));
  });
}

/** undici keeps it at the socket, under a symbol of its own. */
function parserOf(socket: Socket): Parser | undefined {
  const symbols = Object.getOwnPropertySymbols(socket);
  const symbol = symbols.find(({ description }) => description === 'parser');
  return symbol && Reflect.get(socket, symbol);
}

function wake(parser: Parser | undefined): void {
  parser?.resume();
  if (!parser?.paused) return;
  // A body that only ends with its connection is paused anew by that, since its reader still is slow.
  parser.llhttp.llhttp_resume(parser.ptr);
  parser.paused = false;
}
