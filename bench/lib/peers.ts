import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, existsSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { LOAD_CPU, PEER_CPU } from './pinned.ts';

/** A proxy under measurement, in a process of its own. */
export type Peer = {
  readonly name: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly pid: number;
  /** CPU seconds that it has used so far. */
  cpuSeconds(): number;
  /** Resident memory in bytes. */
  residentBytes(): number;
  /** What is alive in V8's heap and what it holds outside of it, in bytes, garbage collected for it. */
  liveBytes(): Promise<number>;
  stop(): Promise<void>;
};

/** The repository's root: npm runs scripts and tests there. */
export const home = process.cwd();

const SECRET = 'the-admin-secret-of-the-bench';
const TICKS_A_SECOND = 100;

/** The provider that all peers ask; also the direct road. Not on the peers' CPU. */
export function startUpstream(): Promise<Peer> {
  return startScript('direct', 'bench/peers/upstream.mjs', {}, LOAD_CPU);
}

export function startBare(
  upstream: Peer,
  settings: Readonly<Record<string, string>> = {},
): Promise<Peer> {
  return startScript('bare', 'bench/peers/bare.mjs', { UPSTREAM: upstream.url, ...settings });
}

/** Koa and the libraries that keyturn uses, with the least code around them. */
export async function startPlain(upstream: Peer): Promise<Peer> {
  const peer = await startScript('plain Koa', 'bench/peers/plain.mjs', {
    UPSTREAM: upstream.url,
    KEY: SECRET,
  });
  return { ...peer, headers: { 'x-api-key': SECRET } };
}

export function startSdk(upstream: Peer): Promise<Peer> {
  return startScript('openai SDK', 'bench/peers/sdk.mjs', { UPSTREAM: upstream.url });
}

/** The built server with everything switched on. A folder of its own is removed in the end. */
export async function startKeyturn(
  upstreamUrl: string,
  settings: Readonly<Record<string, string>> = {},
  folder?: string,
): Promise<Peer> {
  const port = await freePort();
  const data = folder ?? mkdtempSync(join(tmpdir(), 'keyturn-bench-'));
  const started = run(join(home, 'dist', 'main.js'), {
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: String(port),
    DATA_DIR: data,
    ADMIN_SECRET: SECRET,
    GROQ_API_KEY: 'gsk_bench',
    GROQ_BASE_URL: `${upstreamUrl}/openai/v1`,
    MAX_CONCURRENT: '2000',
    ...settings,
  });
  const url = `http://127.0.0.1:${port}`;
  await said(started.output, '"port":');
  const answer = await fetch(`${url}/current-key`, { headers: { 'admin-secret': SECRET } });
  const { api_key: key } = (await answer.json()) as { api_key: string };
  const peer = peerOf('keyturn', url, started, { 'x-api-key': key });
  return {
    ...peer,
    stop: async () => {
      await peer.stop();
      if (!folder) rmSync(data, { recursive: true, force: true });
    },
  };
}

/** Portkey's gateway, where bench/node_modules has it. */
export async function startPortkey(upstream: Peer): Promise<Peer | undefined> {
  const script = join(home, 'bench/node_modules/@portkey-ai/gateway/build/start-server.js');
  if (!existsSync(script)) return undefined;
  const port = await freePort();
  const started = run(script, {}, [`--port=${port}`, '--headless']);
  const url = `http://127.0.0.1:${port}`;
  await answering(url);
  return peerOf('portkey', url, started, {
    'x-portkey-provider': 'openai',
    'x-portkey-custom-host': `${upstream.url}/openai/v1`,
    authorization: 'Bearer gsk_bench',
  });
}

async function startScript(
  name: string,
  script: string,
  settings: Readonly<Record<string, string>>,
  cpu = PEER_CPU,
): Promise<Peer> {
  const port = await freePort();
  const started = run(join(home, script), { PORT: String(port), ...settings }, [], cpu);
  await said(started.output, 'ready');
  return peerOf(name, `http://127.0.0.1:${port}`, started, {});
}

/** What is left to clear away when the bench ends, however it ends. */
const atExit = new Set<() => void>();
process.once('exit', () => {
  for (const clear of atExit) clear();
});

/** A process, and the file that its output goes to. */
type Started = {
  readonly child: ChildProcess;
  readonly output: string;
};

/** So that every peer tells what it holds. */
const PROBED = { NODE_OPTIONS: `--import=${join(home, 'tools/heap-probe.mjs')}` };

function run(
  script: string,
  settings: Readonly<Record<string, string>>,
  options: readonly string[] = [],
  cpu = PEER_CPU,
): Started {
  // Into a file: a pipe that nobody reads while wrk runs would stand in its writer's way.
  const output = join(mkdtempSync(join(tmpdir(), 'keyturn-bench-')), 'output');
  const file = openSync(output, 'w');
  const [program = process.execPath, ...first] = [...cpu, process.execPath];
  const child = spawn(program, [...first, script, ...options], {
    env: { PATH: process.env['PATH'], ...PROBED, ...settings },
    // Some peers print a stack for each stream that they can't do.
    stdio: ['ignore', file, 'ignore'],
  });
  closeSync(file);
  atExit.add(() => {
    child.kill('SIGKILL');
    rmSync(dirname(output), { recursive: true, force: true });
  });
  return { child, output };
}

function peerOf(
  name: string,
  url: string,
  { child, output }: Started,
  headers: Peer['headers'],
): Peer {
  const { pid = 0 } = child;
  return {
    name,
    url,
    headers,
    pid,
    cpuSeconds: () => {
      const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
      return (Number(fields[11]) + Number(fields[12])) / TICKS_A_SECOND;
    },
    residentBytes: () => {
      const status = readFileSync(`/proc/${pid}/status`, 'utf8');
      return Number(/VmRSS:\s+(\d+)/.exec(status)?.[1]) * 1024;
    },
    liveBytes: async () => {
      const before = probes(output).length;
      child.kill('SIGUSR2');
      for (let tries = 0; tries < 400; tries++) {
        const bytes = probes(output)[before];
        if (bytes !== undefined) return bytes;
        await new Promise((done) => setTimeout(done, 25));
      }
      throw new Error(`${name} did not say what it holds`);
    },
    stop: async () => {
      if (child.exitCode !== null) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      const late = setTimeout(() => child.kill('SIGKILL'), 5_000);
      await exit;
      clearTimeout(late);
    },
  };
}

/** What a peer held, each time that it was asked. */
function probes(output: string): number[] {
  const told = readFileSync(output, 'utf8').matchAll(/\{"probe":\{"bytes":(\d+)/g);
  return [...told].map(([, bytes]) => Number(bytes));
}

async function said(output: string, word: string): Promise<void> {
  for (let tries = 0; tries < 400; tries++) {
    if (readFileSync(output, 'utf8').includes(word)) return;
    await new Promise((done) => setTimeout(done, 25));
  }
  throw new Error(`a peer never said ${word}: ${readFileSync(output, 'utf8')}`);
}

async function answering(url: string): Promise<void> {
  for (let tries = 0; tries < 100; tries++) {
    const isUp = await fetch(url).then(
      () => true,
      () => false,
    );
    if (isUp) return;
    await new Promise((done) => setTimeout(done, 100));
  }
  throw new Error(`nothing answers at ${url}`);
}

/** A port that nobody uses just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  return typeof address === 'object' && address ? address.port : 0;
}
