import { once } from 'node:events';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';

/** Their lines are more than what the system keeps for a reader. */
const MANY = 3_000;

let server: TestServer;
beforeEach(async () => {
  server = await startServer();
});
afterEach(async () => {
  await server.stop();
});

test('a reader of the log who stands still holds no request up, and misses no line', async () => {
  const stdout = server.child.stdout;
  stdout?.pause();
  const statuses = await askFor(MANY);
  expect(new Set(statuses)).toEqual(new Set([404]));
  expect(linesIn(server.output())).toBeLessThan(MANY);
  stdout?.resume();
  await vi.waitUntil(() => linesIn(server.output()) >= MANY, { timeout: 5_000 });
  expect(linesIn(server.output())).toBe(MANY);
});

test('a reader of the log who is gone takes nothing else along', async () => {
  const { stdout } = server.child;
  if (stdout) await once(stdout.destroy(), 'close');
  expect(new Set(await askFor(20))).toEqual(new Set([404]));
});

/** Asks for a page that isn't there, ten at a time. */
async function askFor(count: number): Promise<number[]> {
  const statuses: number[] = [];
  let left = count;
  const line = async () => {
    while (left-- > 0) {
      const answer = await fetch(`${server.url}/nowhere`);
      statuses.push(answer.status);
      await answer.arrayBuffer();
    }
  };
  await Promise.all(Array.from({ length: 10 }, line));
  return statuses;
}

function linesIn(output: string): number {
  return output.split('"msg":"request"').length - 1;
}
