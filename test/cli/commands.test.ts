import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';
import { runCli } from './run-cli.ts';

const COMMANDS = [
  'serve',
  'chat',
  'ask',
  'key',
  'usage',
  'limits',
  'model',
  'doctor',
  'completion',
];
const cli = fileURLToPath(new URL('../../dist/cli.js', import.meta.url));

describe('keyturn', () => {
  test('lists its commands, tells of each, and completes all of their options', async () => {
    const { code, stdout } = await runCli([], {});
    const { stdout: script } = await runCli(['completion', 'bash'], {});
    expect(code).toBe(0);
    for (const command of COMMANDS) {
      expect(stdout).toMatch(new RegExp(`^ {2}${command} +\\S`, 'm'));
      const told = await runCli([command, '--help'], {});
      expect(told.stdout).toMatch(new RegExp(`^Usage: keyturn ${command}`));
      const line = new RegExp(`^ {4}${command}\\) words="(.*)"`, 'm').exec(script)?.[1];
      for (const [, option] of told.stdout.matchAll(/^ {2}(--[\w-]+)/gm)) {
        expect(line?.split(' ')).toContain(option);
      }
    }
  });

  test.for(['constructor', 'nothing'])('%s is no command', async (name) => {
    const { code, stderr } = await runCli([name], {});
    expect(code).toBe(2);
    expect(stderr).toContain(`there is no command ${name}`);
  });

  test('serve runs the server until it is told to stop', async () => {
    const scratch = scratchFolder();
    const args = ['serve', '--port', '0', '--host', '127.0.0.1', '--data-dir', scratch.path('d')];
    const child = spawn(process.execPath, [cli, ...args], {
      env: { PATH: process.env['PATH'], ADMIN_SECRET: 'a secret of sixteen' },
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.on('data', (text) => {
      output += text;
    });
    while (!/"port":\d+/.test(output)) await once(child.stdout, 'data');
    const { status } = await fetch(`http://127.0.0.1:${/"port":(\d+)/.exec(output)?.[1]}/health`);
    expect(status).toBe(200);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
    scratch.remove();
  });

  test('key shows what is kept on this machine, and with it ask needs no settings', async () => {
    const scratch = scratchFolder();
    const data = { DATA_DIR: scratch.path('data') };
    const before = await runCli(['key'], data);
    expect([before.code, before.stdout]).toEqual([1, '']);
    expect(before.stderr).toMatch(/^keyturn: There is no key in .* yet\. Start the server once/);

    const server = await startServer({ ...data, ADMIN_SECRET: '' });
    const { stdout } = await runCli(['key'], data);
    expect(stdout).toMatch(/^key: +sk-\w{48}\nvalid until: +\S+Z\nadmin secret: \w{32}\n$/);
    const { port } = new URL(server.url);
    const asked = await runCli(['ask', '--local', 'Who are you?'], { ...data, PORT: port });
    expect([asked.code, asked.stderr]).toEqual([0, '']);
    const turned = await runCli(['key', '--rotate', '--json'], { ...data, PORT: port });
    expect(JSON.parse(turned.stdout).api_key).not.toBe(/sk-\w+/.exec(stdout)?.[0]);
    await server.stop();
    scratch.remove();
  });

  test('completes words in bash', async () => {
    const { stdout: script } = await runCli(['completion', 'bash'], {});
    const completed = (words: string[]) =>
      execFileSync('bash', ['--norc'], {
        encoding: 'utf8',
        input: `${script}
COMP_WORDS=(${words.map((word) => `"${word}"`).join(' ')}); COMP_CWORD=${words.length - 1}
_keyturn; echo "\${COMPREPLY[@]}"`,
      }).trim();
    expect(completed(['keyturn', 'co'])).toBe('completion');
    expect(completed(['keyturn', 'ask', '--j'])).toBe('--json');
    expect(completed(['keyturn', 'completion', ''])).toBe('bash zsh --help');
    expect(completed(['keyturn', 'model', 'use', 'life'])).toBe('lifeboat');
    expect(completed(['keyturn', 'model', 'pull', 'smol']).split(' ')).toContain('smollm2-135m');
    expect(completed(['keyturn', 'model', 'li'])).toBe('list');
  });

  const hasZsh = spawnSync('zsh', ['--version']).status === 0;
  test.runIf(hasZsh)('completes words in zsh (needs zsh)', async () => {
    const { stdout: script } = await runCli(['completion', 'zsh'], {});
    const words = execFileSync('zsh', ['-f'], {
      encoding: 'utf8',
      input: `compdef() { : }; compadd() { shift; print -- "$@" }
${script}
words=(keyturn ask ""); CURRENT=3; _keyturn
words=(keyturn ""); CURRENT=2; _keyturn
words=(keyturn model use ""); CURRENT=4; _keyturn`,
    });
    const [options, commands, models] = words.split('\n');
    expect(models?.split(' ')).toContain('lifeboat');
    expect(options).toContain('--json');
    expect(commands?.split(' ')).toEqual([...COMMANDS, 'help']);
  });
});
