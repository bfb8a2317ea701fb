import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, openSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';
import { hasTerminal, inTerminal, runCli } from './run-cli.ts';

const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));
const SECRET = { KEYTURN_ADMIN_SECRET: 'a secret of sixteen' };

describe('a server that never answers', () => {
  let silent: Server;
  let settings: Record<string, string>;
  const asked = () => once(silent, 'request');

  beforeAll(async () => {
    silent = createServer(() => undefined).listen(0, '127.0.0.1');
    await once(silent, 'listening');
    const { port } = silent.address() as AddressInfo;
    settings = { ...SECRET, KEYTURN_URL: `http://127.0.0.1:${port}` };
  });
  afterAll(() => {
    silent.closeAllConnections();
    silent.close();
  });

  test('is left by ask at the first Ctrl-C, while the key is fetched too', async () => {
    const child = spawn(process.execPath, [cli, 'ask', 'Why?'], {
      env: { PATH: process.env['PATH'], ...settings },
      stdio: 'ignore',
    });
    await asked();
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });

  test.runIf(hasTerminal)('is left by each command of the chat as well', async () => {
    const session = inTerminal(['chat'], settings);
    for (const line of ['Why?', '/model', '/rate']) {
      await session.until(/› /);
      const waiting = asked();
      session.type(`${line}\r`);
      await waiting;
      session.type('\u0003');
      await session.until(/\(stopped\)/);
    }
    await session.until(/› /);
    session.type('\u0004');
    expect(await session.ended()).toBe(0);
  });
});

test.for(['localhost:3000', 'ftp://localhost', '//localhost'])(
  'KEYTURN_URL=%s is no address, and said to be none',
  async (KEYTURN_URL) => {
    const { code, stderr } = await runCli(['limits'], { ...SECRET, KEYTURN_URL });
    expect([code, stderr]).toEqual([
      2,
      'keyturn: KEYTURN_URL is no address: expected http(s)://host:port\n',
    ]);
  },
);

test.for([['ask', 'Why?'], ['limits'], ['key']])(
  'a password in KEYTURN_URL is refused by %j, and not shown',
  async (args) => {
    const KEYTURN_URL = 'http://someone:not-for-the-terminal@127.0.0.1:9';
    const { code, stdout, stderr } = await runCli(args, { ...SECRET, KEYTURN_URL });
    expect([code, stdout, stderr]).toEqual([
      2,
      '',
      'keyturn: KEYTURN_URL holds a user name or password, which is never sent: leave it out\n',
    ]);
  },
);

test('a key that no header can hold is the fault of the key', async () => {
  const KEYTURN_URL = 'http://127.0.0.1:9';
  const { code, stderr } = await runCli(['limits'], { KEYTURN_URL, KEYTURN_KEY: 'sk-ключ' });
  expect(code).toBe(4);
  expect(stderr).toContain('The key or the admin secret holds characters that none has.');
});

test('a reader that left takes no exit code with it', async () => {
  const child = spawn(process.execPath, [cli, 'limits'], {
    env: { PATH: process.env['PATH'], ...SECRET, KEYTURN_URL: 'http://127.0.0.1:9' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  child.stdout.destroy();
  child.stderr.destroy();
  expect(await once(child, 'exit')).toEqual([3, null]);
});

describe.runIf(existsSync('/dev/full'))('a disk that is full', () => {
  test('is one line and exit code 1', async () => {
    const child = spawn(process.execPath, [cli, 'help'], {
      stdio: ['ignore', openSync('/dev/full', 'w'), 'pipe'],
    });
    let said = '';
    child.stderr?.on('data', (text) => {
      said += text;
    });
    await once(child, 'close');
    expect([child.exitCode, said]).toEqual([1, "keyturn: the output can't be written (ENOSPC)\n"]);
  });

  test('under its log does not end a server', async () => {
    const scratch = scratchFolder();
    const port = await freePort();
    const child = spawn(process.execPath, [cli, 'serve', '--port', `${port}`], {
      cwd: scratch.path('.'),
      env: { PATH: process.env['PATH'], ADMIN_SECRET: 'a secret of sixteen', HOST: '127.0.0.1' },
      stdio: ['ignore', openSync('/dev/full', 'w'), 'ignore'],
    });
    const isOver = once(child, 'exit').then(() => 'over');
    const answered = healthOf(port).then(() => healthOf(port));
    expect(await Promise.race([answered, isOver])).toBe(200);
    child.kill('SIGTERM');
    await isOver;
    expect(child.exitCode).toBe(0);
    scratch.remove();
  });
});

test('a command that there is not has no help, and the version can be asked for', async () => {
  const { code, stderr } = await runCli(['help', 'nothing'], {});
  expect([code, stderr]).toEqual([2, expect.stringContaining('there is no command nothing')]);
  const { code: fine, stdout } = await runCli(['--version'], {});
  expect([fine, stdout]).toEqual([0, expect.stringMatching(/^keyturn \d+\.\d+\.\d+\n$/)]);
});

test('each line that is piped into the chat gets its answer', async () => {
  const server = await startServer();
  const settings = { KEYTURN_URL: server.url, KEYTURN_ADMIN_SECRET: server.adminSecret };
  const { code, stdout } = await runCli(['chat', '--local'], settings, 'Hello\nWho are you?\n');
  await server.stop();
  expect(code).toBe(0);
  expect(stdout).not.toContain('(stopped)');
  expect(stdout.match(/local\/lifeboat · /g)).toHaveLength(2);
});

test('whoever asks for help twice gets it once', async () => {
  const { code, stdout } = await runCli(['help', '--help'], {});
  expect([code, stdout]).toEqual([0, expect.stringContaining('Usage: keyturn')]);
});

test('infinity is no temperature', async () => {
  const { code, stderr } = await runCli(['ask', '--temperature', 'Infinity', 'Why?'], SECRET);
  expect([code, stderr]).toEqual([2, 'keyturn: --temperature takes a number.\n']);
});

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

/** Its status, as soon as it listens. */
async function healthOf(port: number): Promise<number> {
  for (;;) {
    const answer = await fetch(`http://127.0.0.1:${port}/health`).catch(() => undefined);
    if (answer) return answer.status;
  }
}
