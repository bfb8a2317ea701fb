import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, symlinkSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, expect, it } from 'vitest';
import { freePort } from '../deploy/tool.ts';
import { scratchFolder } from '../support/scratch.ts';
import { blocksOf, root } from './documents.ts';

const scratch = scratchFolder();
const folder = scratch.path('keyturn');
const OWN = /\/(node_modules|dist|data|\.git|\.env|\.dist-[^/]*|\.venv)(\/|$)/;
const MINUTES = 60_000;
let child: ChildProcess | undefined;

/** The repository as somebody has it who cloned it and installed. */
beforeAll(() => {
  cpSync(root, folder, {
    recursive: true,
    filter: (path) => !OWN.test(`/${path.slice(root.length)}`),
  });
  symlinkSync(`${root}/node_modules`, `${folder}/node_modules`);
});
afterEach(async () => {
  if (!child?.pid || child.exitCode !== null) return;
  const exit = once(child, 'exit');
  // npm and what it started.
  process.kill(-child.pid, 'SIGTERM');
  await exit;
});
afterAll(() => scratch.remove());

/** Runs a command until its output matches; returns all of it. */
async function until(
  words: readonly string[],
  pattern: RegExp,
  settings: Record<string, string> = {},
): Promise<string> {
  const [command = '', ...rest] = words;
  const { PATH, HOME } = process.env;
  child = spawn(command, rest, {
    cwd: folder,
    env: { PATH, HOME, ...settings },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', (text: string) => {
      output += text;
    });
  }
  while (!pattern.test(output)) {
    if (child.exitCode !== null) throw new Error(`${words.join(' ')} ended:\n${output}`);
    await Promise.race([once(child.stdout ?? child, 'data'), once(child, 'exit')]);
  }
  return output;
}

const [transcript, answered] = blocksOf('README.md').filter(
  ({ language }) => language === 'console',
);

it('the command line works before anything was built', { timeout: MINUTES }, () => {
  const words = ['run', '--silent', 'cli', '--', '--version'];
  const { PATH, HOME } = process.env;
  const output = execFileSync('npm', words, { cwd: folder, env: { PATH, HOME }, encoding: 'utf8' });
  expect(output).toMatch(/^keyturn \d+\.\d+\.\d+\n$/);
});

it('npm start prints what the README shows, and the two lines that it prints answer as shown', {
  timeout: 3 * MINUTES,
}, async () => {
  const port = `${await freePort()}`;
  const output = await until(['npm', 'start'], /Who are you\?"\}'\n/, { PORT: port });
  // Lines of the log may stand before and after it.
  const [banner = ''] = /(?<=\n)keyturn [\s\S]*?Who are you\?"\}'/.exec(output) ?? [];
  const [secret = 'none'] = /(?<=key shows it again\):\n {2})\S+/.exec(banner) ?? [];
  const shown = transcript?.text.slice(transcript.text.indexOf('keyturn ')) ?? '';
  const [theirs = 'none'] = /(?<=key shows it again\):\n {2})\S+/.exec(shown) ?? [];
  expect(banner.trim().replaceAll(port, '3000').replaceAll(secret, theirs)).toBe(shown.trim());

  const lines = banner.split('\n').filter((line) => /^ {2}(KEY=|curl )/.test(line));
  const answer = JSON.parse(
    execFileSync('bash', ['-c', lines.join('\n')], { encoding: 'utf8' }),
  ) as { choices: { message: { content: string } }[] };
  const shownAnswer = answered?.text.replace(/^\$.*\n/, '') ?? '';
  const [, told = ''] = /"content":"([^"]*)"/.exec(shownAnswer) ?? [];
  for (const text of [answer.choices[0]?.message.content, told]) expect(text).toMatch(/lifeboat/);
  for (const field of shownAnswer.matchAll(/"(\w+)":/g)) {
    expect(JSON.stringify(answer)).toContain(`"${field[1]}":`);
  }
});

it('keyturn serve is the same server', { timeout: MINUTES }, async () => {
  const output = await until([process.execPath, 'dist/cli.js', 'serve'], /Who are you/, {
    PORT: '0',
  });
  expect(output).toContain('Answers come from: local model lifeboat');
});

it('npm run lab prints where it listens, and what it can play', { timeout: MINUTES }, async () => {
  const words = ['npm', 'run', 'lab', '--', '--port', '0', '--speed', '60'];
  expect(await until(words, /cut-reset/)).toMatch(/Groq at http:\/\/127\.0\.0\.1:\d+/);
});
