import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Agent, request } from 'undici';
import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Clock } from '../../../src/core/clock.ts';
import { keptAddresses } from '../../../src/providers/groq/kept-addresses.ts';

const HOST = 'provider.invalid';
const HOUR_MS = 60 * 60_000;
/** How long a resolver that hangs is waited for. */
const A_WAIT_MS = 1_000;

const server = createServer((_, response) => response.end('here'));
beforeAll(async () => {
  await once(server.listen(0, '127.0.0.1'), 'listening');
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

/** A resolver that knows where the server is, until it fails, or hangs. */
function resolver() {
  const names: string[] = [];
  return {
    names,
    isFailing: false,
    isHanging: false,
    async resolve(name: string) {
      names.push(name);
      if (this.isHanging) return new Promise<never>(() => {});
      if (this.isFailing) throw Object.assign(new Error('nobody knows'), { code: 'EAI_AGAIN' });
      return [{ address: '127.0.0.1', family: 4 }];
    },
  };
}

/** Asks over connections of its own, so many at once. @returns what came, or why nothing did */
function asker(resolving: ReturnType<typeof resolver>, clock: Pick<Clock, 'elapsed'>) {
  const resolve = (name: string) => resolving.resolve(name);
  const connect = { lookup: keptAddresses({ resolve, clock }) };
  const { port } = server.address() as AddressInfo;
  return async (connections = 1): Promise<unknown[]> => {
    const dispatcher = new Agent({ connect });
    const one = async () => (await request(`http://${HOST}:${port}/`, { dispatcher })).body.text();
    const all = await Promise.allSettled(Array.from({ length: connections }, one));
    await dispatcher.close();
    return all.map((each) => (each.status === 'fulfilled' ? each.value : each.reason.code));
  };
}

it('of many connections that open at once, one asks for the address', async () => {
  const resolving = resolver();
  const ask = asker(resolving, { elapsed: () => 0 });
  expect(await ask(20)).toEqual(Array.from({ length: 20 }, () => 'here'));
  await ask();
  expect(resolving.names).toEqual([HOST]);
});

it('an address is asked for anew when it is no longer fresh', async () => {
  let now = 0;
  const resolving = resolver();
  const ask = asker(resolving, { elapsed: () => now });
  await ask();
  now = 29_000;
  await ask();
  expect(resolving.names).toHaveLength(1);
  now = 31_000;
  await ask();
  expect(resolving.names).toHaveLength(2);
});

it('the last address serves for a while when the resolver fails, and no longer', async () => {
  let now = 0;
  const resolving = resolver();
  const ask = asker(resolving, { elapsed: () => now });
  await ask();
  resolving.isFailing = true;
  now = HOUR_MS;
  expect(await ask()).toEqual(['here']);
  now = HOUR_MS + 1;
  expect(await ask()).toEqual(['EAI_AGAIN']);
});

it('the last address serves when the resolver hangs, for which only the first ones wait', async () => {
  let now = 0;
  const resolving = resolver();
  const ask = asker(resolving, { elapsed: () => now });
  await ask();
  resolving.isHanging = true;
  now = HOUR_MS;
  expect(await ask(3)).toEqual(['here', 'here', 'here']);
  const since = performance.now();
  expect(await ask()).toEqual(['here']);
  expect(performance.now() - since).toBeLessThan(A_WAIT_MS);
  expect(resolving.names).toHaveLength(2);
});

it('a name that nobody knows fails at once, and is asked for again', async () => {
  const resolving = resolver();
  resolving.isFailing = true;
  const ask = asker(resolving, { elapsed: () => 0 });
  expect(await ask()).toEqual(['EAI_AGAIN']);
  resolving.isFailing = false;
  expect(await ask()).toEqual(['here']);
});
