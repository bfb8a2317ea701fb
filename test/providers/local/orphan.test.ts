import { fork } from 'node:child_process';
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { beforeAll, describe, expect, it } from 'vitest';
import { builtChild } from '../../support/local-child.ts';
import { lifeboatPath } from '../../support/local-model.ts';
import { scratchFolder } from '../../support/scratch.ts';

/** Forks the model's process, waits until it has loaded, and says its id. */
const PARENT = `
import { fork } from 'node:child_process';
const child = fork(process.argv[2], [], {
  stdio: ['ignore', 'ignore', 'ignore', 'ipc'],
  env: { UV_THREADPOOL_SIZE: '1' },
});
child.on('message', ({ kind }) => kind === 'loaded' && process.send(child.pid));
child.send({ kind: 'load', modelPath: process.argv[3], contextSize: 256, threads: 1, mapped: true,
  embeddings: { mostTokens: 0 }, stateFolder: '', stateCacheBytes: 0 });
`;

describe("the model's process", () => {
  let childPath: string;

  beforeAll(async () => {
    childPath = await builtChild('orphan');
  });

  it('ends by itself when its parent was killed', async () => {
    const scratch = scratchFolder();
    const script = scratch.path('parent.mjs');
    writeFileSync(script, PARENT);
    const parent = fork(script, [childPath, lifeboatPath], { execArgv: [] });
    const pid = await new Promise<number>((resolve) => parent.once('message', resolve));
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { timeout: 5_000 }).toBe(false);
    scratch.remove();
  });
});

function isRunning(pid: number): boolean {
  if (!readdirSync('/proc').includes(String(pid))) return false;
  return !/^State:\s+Z/m.test(readFileSync(`/proc/${pid}/status`, 'utf8'));
}
