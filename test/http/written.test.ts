import { once } from 'node:events';
import { createServer, get, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { stop } from '../../src/core/stop.ts';
import { written } from '../../src/http/written.ts';

const server = createServer();
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** The answer to a caller who takes nothing of it. */
async function toSomebodyDeaf(): Promise<ServerResponse> {
  const asked = get({ host: '127.0.0.1', port: (server.address() as AddressInfo).port });
  asked.on('error', () => undefined);
  const [, response] = await once(server, 'request');
  return response;
}

it('a wait for a slow caller ends with the reason for which it is broken off', async () => {
  const response = await toSomebodyDeaf();
  const { signal, abort } = stop();
  let isLeft = false;
  async function* endless(): AsyncGenerator<Buffer, void, void> {
    try {
      for (;;) yield Buffer.alloc(1024 * 1024);
    } finally {
      isLeft = true;
    }
  }
  const writing = written(response, endless(), (bytes) => bytes, signal);
  await expect.poll(() => response.writableNeedDrain).toBe(true);
  const reason = new Error('the caller hung up');
  abort(reason);
  await expect(writing).rejects.toBe(reason);
  expect(isLeft).toBe(true);
});
