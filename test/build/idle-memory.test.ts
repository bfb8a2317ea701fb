import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';

/**
 * What the server may take more than an empty Koa server: 17 MB on Node 20 and 11 on Node 24 were measured.
 * With all of `fetch`, of undici and of Intl's tables it was 33.
 */
const ALLOWED_MB = 24;

const scratch = scratchFolder();
afterAll(scratch.remove);

const EMPTY_KOA = `
import Koa from ${JSON.stringify(import.meta.resolve('koa'))};
const app = new Koa();
app.use((ctx) => { ctx.body = 'ok'; });
const server = app.listen(0, '127.0.0.1', () => console.log(server.address().port));
`;

test.runIf(existsSync('/proc/self/status'))(
  'an idle server with everything on takes little more memory than an empty one',
  async () => {
    const empty = await startEmpty();
    const server = await startServer({
      NODE_ENV: 'production',
      GROQ_API_KEY: 'gsk_of-the-test',
      GROQ_BASE_URL: 'http://127.0.0.1:9',
      ROTATION_CRON: '0 6 * * 1',
      CACHE_TTL_S: '60',
      METRICS_TOKEN: 'the-metrics-token-of-the-test',
    });
    for (const url of [empty.url, `${server.url}/health`]) expect((await fetch(url)).ok).toBe(true);
    // What comes after the first answer, such as a look at the provider's models, is to be in it.
    await delay(500);
    const more = residentMb(server.child) - residentMb(empty.child);
    empty.child.kill('SIGKILL');
    await server.stop();
    expect(more).toBeLessThan(ALLOWED_MB);
    expect(more).toBeGreaterThan(0);
  },
);

async function startEmpty(): Promise<{ child: ChildProcess; url: string }> {
  const script = scratch.path('koa.mjs');
  writeFileSync(script, EMPTY_KOA);
  const child = spawn(process.execPath, [script], { stdio: ['ignore', 'pipe', 'inherit'] });
  const [port] = await once(child.stdout ?? child, 'data');
  return { child, url: `http://127.0.0.1:${Number(port)}` };
}

/** From the kernel. */
function residentMb({ pid }: ChildProcess): number {
  const [, kilobytes] = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8')) ?? [];
  return Number(kilobytes) / 1024;
}
