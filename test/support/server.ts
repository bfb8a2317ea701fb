import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { refuseLeaks } from './leaks.ts';

const home = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** A real server in a process of its own. */
export type TestServer = {
  /** Without a slash at its end. */
  readonly url: string;
  readonly dataDir: string;
  readonly adminSecret: string;
  readonly child: ChildProcess;
  /** Everything that it wrote so far, both outputs. */
  output(): string;
  /** The key of this week, fetched as an admin does. */
  key(): Promise<string>;
  /** Resolves with the exit code. */
  stop(signal?: NodeJS.Signals): Promise<number | null>;
};

/** Starts `dist/main.js` on a free port, with settings on top of a minimal environment. */
export async function startServer(settings: Record<string, string> = {}): Promise<TestServer> {
  const dataDir = settings['DATA_DIR'] ?? (await mkdtemp(join(tmpdir(), 'keyturn-test-')));
  const adminSecret = settings['ADMIN_SECRET'] ?? 'the-admin-secret-of-the-tests';
  const run = runMain({ ADMIN_SECRET: adminSecret, DATA_DIR: dataDir, ...settings });
  const port = await portOf(run);
  const url = `http://127.0.0.1:${port}`;
  return {
    url,
    dataDir,
    adminSecret,
    child: run.child,
    output: run.output,
    key: async () => {
      const answer = await fetch(`${url}/current-key`, {
        headers: { 'admin-secret': adminSecret },
      });
      return ((await answer.json()) as { api_key: string }).api_key;
    },
    stop: async (signal = 'SIGTERM') => {
      const code = await stopped(run.child, signal);
      if (!settings['DATA_DIR']) await rm(dataDir, { recursive: true, force: true });
      refuseLeaks(run.output(), { ADMIN_SECRET: adminSecret, ...settings });
      return code;
    },
  };
}

/** A run of `dist/main.js` that may fail at its start. */
export type Run = { readonly child: ChildProcess; output(): string };

/** Runs `dist/main.js` in `folder` with nothing but these settings (and a free port). */
export function runMain(settings: Record<string, string>, folder = tmpdir()): Run {
  const child = spawn(process.execPath, [join(home, 'dist', 'main.js')], {
    cwd: folder,
    env: { PATH: process.env['PATH'], HOST: '127.0.0.1', PORT: '0', ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  return { child, output: () => output };
}

async function portOf({ child, output }: Run): Promise<string> {
  for (;;) {
    const port = /"port":(\d+)/.exec(output())?.[1];
    if (port) return port;
    if (child.exitCode !== null) throw new Error(`the server did not start:\n${output()}`);
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')]);
  }
}

async function stopped(child: ChildProcess, signal: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  child.kill(signal);
  await exit;
  return child.exitCode;
}
