import { afterAll, expect, test } from 'vitest';
import { labAndServers } from './server.ts';

/** An answer of this many tokens is about a seventh of a megabyte. */
const { lab, boot, stop } = await labAndServers({ answerTokens: 22_000 });
const { ask } = await boot({ CACHE_TTL_S: '60', CACHE_MAX_MB: '1' });
afterAll(stop);

async function mark(topic: string, more: object = {}): Promise<[string | null, number]> {
  const messages = [{ role: 'user', content: topic }];
  const answer = await ask({ temperature: 0, messages, ...more });
  const { length } = await answer.arrayBuffer().then((bytes) => new Uint8Array(bytes));
  return [answer.headers.get('x-cache'), length];
}

test('beyond CACHE_MAX_MB the answers that nobody asked for longest are forgotten', async () => {
  let bytes = 0;
  let last = 0;
  while (bytes < 1.5 * 1024 * 1024) {
    last += 1;
    const [first, length] = await mark(`Topic ${last}`);
    expect([first, length > 100_000]).toEqual(['miss', true]);
    bytes += length;
    // Asked for again and again, so it stays.
    if (last > 1) expect((await mark('Topic 1'))[0]).toBe('hit');
  }
  expect((await mark(`Topic ${last}`))[0]).toBe('hit');
  expect((await mark('Topic 2'))[0]).toBe('miss');
});

test('an answer that would take more than a quarter of the memory is not kept', async () => {
  // As a stream the same answer takes several times its bytes.
  expect((await mark('Large', { stream: true }))[0]).toBe('miss');
  expect((await mark('Large', { stream: true }))[0]).toBe('miss');
  expect(lab.attempts.at(-1)?.status).toBe(200);
});
