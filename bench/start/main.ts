// `npm run bench:start`: how fast the built server listens and how much memory it holds when idle,
// without and with the local model, beside an empty Koa server in the same run.
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const ROUNDS = Number(process.env['ROUNDS'] ?? 11);
const home = resolve(import.meta.dirname, '..');
const scratch = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));

type Round = { readonly firstAnswerMs: number; readonly rssMb: number };

const EMPTY_KOA = `
import Koa from ${JSON.stringify(join(home, 'node_modules/koa/dist/koa.mjs'))};
const app = new Koa();
app.use((ctx) => { ctx.body = 'ok'; });
const server = app.listen(0, '127.0.0.1', () => console.log('"port":' + server.address().port));
`;

/** Starts a server and asks it once. */
async function round(script: string, settings: Record<string, string>): Promise<Round> {
  const since = performance.now();
  const child = spawn(process.execPath, [script], {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const port = await portOf(child);
  await (await fetch(`http://127.0.0.1:${port}/health`)).text();
  const firstAnswerMs = performance.now() - since;
  await new Promise((done) => setTimeout(done, 300));
  const rssMb = rssOf(child) / 1024;
  child.kill('SIGKILL');
  await once(child, 'exit');
  return { firstAnswerMs, rssMb };
}

async function portOf(child: ChildProcess): Promise<string> {
  let output = '';
  for await (const text of child.stdout ?? []) {
    output += text;
    const port = /"port":(\d+)/.exec(output)?.[1];
    if (port) return port;
  }
  throw new Error(`no port in: ${output}`);
}

/** In KiB, from the kernel. */
function rssOf({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
}

const koa = join(scratch, 'koa.mjs');
writeFileSync(koa, EMPTY_KOA);
const settings = {
  PORT: '0',
  HOST: '127.0.0.1',
  NODE_ENV: 'production',
  ADMIN_SECRET: 'the-admin-secret-of-the-bench',
  DATA_DIR: join(scratch, 'data'),
};
const rounds: { keyturn: Round; koa: Round }[] = [];
for (let index = 0; index < ROUNDS; index++) {
  rounds.push({
    keyturn: await round(join(home, 'dist', 'main.js'), settings),
    koa: await round(koa, {}),
  });
}
rmSync(scratch, { recursive: true, force: true });

const row = (name: 'keyturn' | 'koa') => ({
  'spawn to first 200, ms': Math.round(median(rounds.map((each) => each[name].firstAnswerMs))),
  'idle RSS, MB': Math.round(median(rounds.map((each) => each[name].rssMb))),
});
console.log(
  `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model}, ${ROUNDS} paired rounds, medians`,
);
console.table({ keyturn: row('keyturn'), 'empty koa': row('koa') });
const ratio = median(
  rounds.map(({ keyturn, koa: empty }) => keyturn.firstAnswerMs / empty.firstAnswerMs),
);
console.log(`keyturn / empty koa, spawn to first 200: ${ratio.toFixed(2)}`);
