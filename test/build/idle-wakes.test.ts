import type { ChildProcess } from 'node:child_process';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { startServer } from '../support/server.ts';

const WATCHED_MS = 2_000;

/** A timer of 10 ms makes 200 of it. */
const ALLOWED = 40;

test.runIf(existsSync('/proc/self/status'))(
  'an idle server whose metrics nobody wants hardly ever wakes up',
  async () => {
    const server = await startServer({
      NODE_ENV: 'production',
      GROQ_API_KEY: 'gsk_of-the-test',
      GROQ_BASE_URL: 'http://127.0.0.1:9',
    });
    expect((await fetch(`${server.url}/health`)).ok).toBe(true);
    // What follows a start is over.
    await delay(1_000);
    const before = wakes(server.child);
    await delay(WATCHED_MS);
    const woken = wakes(server.child) - before;
    await server.stop();
    expect(woken).toBeLessThan(ALLOWED);
  },
);

/** How often the kernel has put a thread of the process to sleep. */
function wakes({ pid }: ChildProcess): number {
  const counts = readdirSync(`/proc/${pid}/task`).map((thread) => {
    const status = readFileSync(`/proc/${pid}/task/${thread}/status`, 'utf8');
    return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1]);
  });
  return counts.reduce((sum, count) => sum + count, 0);
}
