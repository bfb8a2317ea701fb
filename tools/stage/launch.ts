import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';

/** A program of ours in a process of its own. */
export type Launched = {
  readonly child: ChildProcess;
  /** Everything that it wrote so far, both outputs. */
  output(): string;
  /** Resolves with the match as soon as its output has it; rejects when it ends before that. */
  says(pattern: RegExp): Promise<RegExpExecArray>;
  /** Ends it in order and waits for that. */
  stop(): Promise<void>;
};

/** Starts a script of `dist/` with nothing of our own environment but the path. */
export function launch(
  script: string,
  args: readonly string[] = [],
  env: Readonly<Record<string, string>> = {},
): Launched {
  const child = spawn(process.execPath, [script, ...args], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (part: string) => {
      text += part;
    });
  }
  const isGone = () => child.exitCode !== null || child.signalCode !== null;
  return {
    child,
    output: () => text,
    async says(pattern) {
      for (;;) {
        const found = pattern.exec(text);
        if (found) return found;
        if (isGone()) throw new Error(`${script} ended early:\n${text}`);
        await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'close')]);
      }
    },
    async stop() {
      if (isGone()) return;
      const exit = once(child, 'exit');
      child.kill('SIGTERM');
      await exit;
    },
  };
}
