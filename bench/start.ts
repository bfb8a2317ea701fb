import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { build } from 'rolldown';
import { home } from './lib/peers.ts';
import { median, rounded } from './lib/statistics.ts';
import { limitCpu } from './local/quota.ts';

/** How fast a server answers after its start, and how much memory it holds when idle. */
export type StartRow = {
  readonly server: string;
  /** From spawn to the first 200. */
  readonly firstAnswerMs: number;
  readonly ofEmptyKoa: number;
  readonly idleMb: number;
  /** Why it could not be measured. */
  readonly refused?: string;
};

type Start = { readonly firstAnswerMs: number; readonly idleMb: number };

type Server = {
  readonly name: string;
  readonly arguments: readonly string[];
  readonly settings: Readonly<Record<string, string>>;
  readonly cpus?: number;
};

const ROUNDS = 7;
const SLOW_ROUNDS = 3;

const EMPTY_KOA = `
import Koa from ${JSON.stringify(join(home, 'node_modules/koa/dist/koa.mjs'))};
const app = new Koa();
app.use((ctx) => { ctx.body = 'ok'; });
const server = app.listen(0, '127.0.0.1', () => console.log('"port":' + server.address().port));
`;

/** The built server, the same unbundled, and an empty Koa server, in turns; then with a tenth of a CPU. */
export async function benchStart(): Promise<StartRow[]> {
  const scratch = mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  const koa = join(scratch, 'koa.mjs');
  writeFileSync(koa, EMPTY_KOA);
  const settings = {
    PORT: '0',
    HOST: '127.0.0.1',
    NODE_ENV: 'production',
    ADMIN_SECRET: 'the-admin-secret-of-the-bench',
    DATA_DIR: join(scratch, 'data'),
    // Everything on; nobody is asked.
    GROQ_API_KEY: 'gsk_of-the-bench',
    GROQ_BASE_URL: 'http://127.0.0.1:9',
    METRICS_TOKEN: 'the-metrics-token-of-the-bench',
    ROTATION_CRON: '0 6 * * 1',
    CACHE_TTL_S: '60',
  };
  const empty: Server = { name: 'empty koa', arguments: [koa], settings: {} };
  const built: Server = { name: 'keyturn', arguments: [join(home, 'dist/main.js')], settings };
  const loose: Server = {
    name: 'keyturn, not bundled',
    arguments: [await unbundled(join(home, 'dist', 'loose'))],
    settings,
  };
  const slow = (server: Server): Server => ({
    ...server,
    name: `${server.name}, 0.1 CPU`,
    cpus: 0.1,
  });
  try {
    return [
      ...(await inTurns([empty, built, loose], ROUNDS)),
      ...(await inTurns([slow(empty), slow(built)], SLOW_ROUNDS)),
    ];
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
}

/** The same server as a file for each source and for each of its packages' own. */
async function unbundled(dir: string): Promise<string> {
  await build({
    cwd: home,
    input: 'src/main.ts',
    platform: 'node',
    external: /^[^./]/,
    logLevel: 'silent',
    output: { dir, format: 'esm', preserveModules: true, preserveModulesRoot: 'src' },
  });
  return join(dir, 'main.js');
}

async function inTurns(servers: readonly Server[], rounds: number): Promise<StartRow[]> {
  const starts = servers.map((): Start[] => []);
  let refused: string | undefined;
  for (let round = 0; round < rounds && refused === undefined; round++) {
    for (const [index, server] of servers.entries()) {
      const start = await startOnce(server).catch((error: Error) => error);
      if (start instanceof Error) refused = start.message;
      else starts[index]?.push(start);
    }
  }
  const [first = []] = starts;
  return servers.map(({ name }, index) => {
    const mine = starts[index] ?? [];
    const ratios = mine.map(
      ({ firstAnswerMs }, at) => firstAnswerMs / (first[at]?.firstAnswerMs ?? 0),
    );
    return {
      server: name,
      firstAnswerMs: Math.round(median(mine.map(({ firstAnswerMs }) => firstAnswerMs))),
      ofEmptyKoa: rounded(median(ratios)),
      idleMb: Math.round(median(mine.map(({ idleMb }) => idleMb))),
      ...(refused === undefined ? {} : { refused }),
    };
  });
}

/** Starts a server and asks it once. */
async function startOnce({ arguments: script, settings, cpus }: Server): Promise<Start> {
  const since = performance.now();
  const child = spawn(process.execPath, script, {
    env: { PATH: process.env['PATH'], ...settings },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(child, 'exit');
  let quota: ReturnType<typeof limitCpu> | undefined;
  try {
    quota = cpus === undefined ? undefined : limitCpu(child.pid ?? 0, cpus);
    const port = await portOf(child);
    await (await fetch(`http://127.0.0.1:${port}/health`)).text();
    const firstAnswerMs = performance.now() - since;
    await new Promise((done) => setTimeout(done, 300));
    return { firstAnswerMs, idleMb: residentKb(child) / 1024 };
  } finally {
    child.kill('SIGKILL');
    await exit;
    await quota?.lift();
  }
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

/** From the kernel. */
function residentKb({ pid }: ChildProcess): number {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1] ?? 0);
}
