import { type ChildProcess, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { fileURLToPath } from 'node:url';

/** A file of this repository as text. */
export function textOf(path: string): string {
  return readFileSync(fileURLToPath(new URL(`../../${path}`, import.meta.url)), 'utf8');
}

/**
 * Whether a program is there; tests that need one are skipped without it, unless NEED_TOOLS says that
 * all must be there (`.ci/deploy`).
 */
export function has(program: string): boolean {
  const isThere = spawnSync('sh', ['-c', `command -v ${program}`]).status === 0;
  if (!isThere && process.env['NEED_TOOLS']) throw new Error(`${program} is not installed`);
  return isThere;
}

/** A port that nobody listens on just now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  return typeof address === 'object' && address ? address.port : 0;
}

/** A program of this machine that runs until the test ends it. */
export type Tool = { readonly child: ChildProcess; stop(): Promise<void> };

/** Runs a program until `isUp` resolves to true. */
export async function runTool(
  command: string,
  args: string[],
  isUp: () => Promise<boolean>,
): Promise<Tool> {
  const child = spawn(command, args, { stdio: ['ignore', 'pipe', 'pipe'] });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.on('data', (text) => {
      output += text;
    });
  }
  const exit = once(child, 'exit');
  while (!(await isUp().catch(() => false))) {
    if (child.exitCode !== null) throw new Error(`${command} ended:\n${output}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return {
    child,
    stop: async () => {
      child.kill('SIGTERM');
      await exit;
    },
  };
}
