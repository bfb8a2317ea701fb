import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './documents.ts';

/** How one command of a script ended. */
export type Ended = { readonly exit: number; readonly said: string };

type Shell = {
  /** Runs commands one after the other in one shell, as somebody types them. */
  run(commands: readonly string[], environment: Readonly<Record<string, string>>): Promise<Ended[]>;
};

const MARK = '@@ended:';

/**
 * A shell in a folder that looks like the repository, with the files that the examples name. curl
 * fails where the answer is an error, and gives up after some seconds.
 */
export function shellIn(folder: string): Shell {
  for (const entry of readdirSync(root)) {
    if (entry !== 'data' && entry !== '.env') symlinkSync(join(root, entry), join(folder, entry));
  }
  const bin = join(folder, 'shims');
  mkdirSync(bin);
  const cli = `#!/bin/sh\nexec ${process.execPath} ${root}/dist/cli.js "$@"\n`;
  writeFileSync(join(bin, 'keyturn'), cli, { mode: 0o755 });
  const config = join(folder, 'curl');
  mkdirSync(config);
  writeFileSync(join(config, '.curlrc'), 'fail-with-body\nmax-time = 10\n');
  writeFileSync(join(folder, 'talk.mp3'), 'no music, but the lab hears words in it');
  writeFileSync(join(folder, 'error.log'), 'connect ECONNREFUSED 127.0.0.1:5432\n');
  writeFileSync(join(folder, 'log'), 'connect ECONNREFUSED 127.0.0.1:5432\n');

  return {
    run: async (commands, environment) => {
      const marked = commands.map((command) => `${command}\nprintf '\\n${MARK}%s\\n' $?`);
      const script = `set -o pipefail\n${marked.join('\n')}\n`;
      // A command that fails by itself already (-f) is not told to twice.
      const failsItself = commands.some((command) => command.includes('curl -f'));
      const child = spawn('bash', ['-c', script], {
        cwd: folder,
        env: {
          ...{ HOME: folder, LANG: 'C.UTF-8', ...(failsItself ? {} : { CURL_HOME: config }) },
          ...{ PATH: `${bin}:${process.env['PATH']}`, ...environment },
        },
        stdio: ['ignore', 'pipe', 'pipe'],
      });
      let said = '';
      for (const stream of [child.stdout, child.stderr]) {
        stream.setEncoding('utf8').on('data', (text: string) => {
          said += text;
        });
      }
      await once(child, 'close');
      const parts = said.split(MARK);
      return parts.slice(1).map((part, index) => ({
        exit: Number.parseInt(part, 10),
        said: (parts[index] ?? '').replace(/^\d+\n/, ''),
      }));
    },
  };
}
