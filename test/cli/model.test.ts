import { copyFileSync, existsSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, describe, expect, test } from 'vitest';
import { lifeboatPath } from '../support/local-model.ts';
import { scratchFolder } from '../support/scratch.ts';
import { runCli } from './run-cli.ts';

const NAME = `copy-of-a-test-${process.pid}`;
const file = fileURLToPath(new URL(`../../models/${NAME}.gguf`, import.meta.url));
const scratch = scratchFolder();
afterAll(() => {
  rmSync(file, { force: true });
  scratch.remove();
});

describe('keyturn model list', () => {
  test('shows what is here, what could be, and what fits', async () => {
    const { code, stdout } = await runCli(['model', 'list'], { LOCAL_MEMORY_MB: '512' });
    expect(code).toBe(0);
    expect(stdout).toMatch(/^lifeboat +[\d.]+ +\d+ +yes +yes +yes +comes/m);
    expect(stdout).toMatch(/^smollm2-135m +145 +290 +yes +Apache-2\.0 /m);
    expect(stdout).toMatch(/^smollm2-360m +271 +450 +tight +Apache-2\.0 /m);
    expect(stdout).toMatch(/^qwen2\.5-1\.5b +1,117 +1,330 +no +Apache-2\.0 /m);
    expect(stdout).toMatch(/room for a model of 437 MB/);
  });

  test('takes no name', async () => {
    const { code, stderr } = await runCli(['model', 'list', 'smollm2-135m'], {});
    expect([code, stderr]).toEqual([2, expect.stringContaining('takes no name')]);
  });

  test('marks the model in use, and a file that is none', async () => {
    writeFileSync(file, 'this is no model');
    const { stdout } = await runCli(['model', 'list'], { LOCAL_MODEL: NAME });
    expect(stdout).toMatch(new RegExp(`^${NAME} +0\\.0 +– +damaged +yes +yes`, 'm'));
    expect(stdout).toMatch(/^lifeboat +[\d.]+ +\d+ +\w+ +yes +comes/m);
  });
});

describe('a model that LOCAL_MODEL names by its path', () => {
  const path = scratch.path('lifeboat.gguf');
  const settings = { LOCAL_MODEL: path };

  test('is listed, and another one of the same name is not in use', async () => {
    copyFileSync(lifeboatPath, path);
    const { stdout } = await runCli(['model', 'list'], settings);
    expect(stdout).toMatch(new RegExp(`^${path} +3\\.5 +\\d+ +yes +yes +yes`, 'm'));
    expect(stdout).toMatch(/^lifeboat +[\d.]+ +\d+ +yes +yes +comes/m);
  });

  test('is the one that is checked', async () => {
    writeFileSync(path, 'this is no model');
    const { code, stderr } = await runCli(['model', 'check'], settings);
    expect([code, stderr]).toEqual([1, expect.stringMatching(/^keyturn: .*not a GGUF file.*\n$/)]);
  });

  test.each(['missing.gguf', 'lifeboat.gguf/below.gguf'])(
    'is missed by its path (%s)',
    async (at) => {
      const missing = { LOCAL_MODEL: scratch.path(at) };
      const checked = await runCli(['model', 'check'], missing);
      expect([checked.code, checked.stderr]).toEqual([
        2,
        expect.stringContaining(scratch.path(at)),
      ]);
      const listed = await runCli(['model', 'list'], missing);
      expect([listed.code, listed.stdout]).toEqual([0, expect.stringMatching(/^lifeboat /m)]);
    },
  );

  test('keeps nobody from removing another one of its name', async () => {
    copyFileSync(lifeboatPath, file);
    const elsewhere = { LOCAL_MODEL: scratch.path(`${NAME}.gguf`) };
    const { stdout } = await runCli(['model', 'remove', NAME], elsewhere);
    expect([stdout, existsSync(file)]).toEqual([`${NAME} is gone.\n`, false]);
  });
});

describe('keyturn model check', () => {
  test('lets the model answer three prompts, and measures it', async () => {
    const { code, stdout } = await runCli(['model', 'check'], {});
    expect(code).toBe(0);
    expect(
      stdout.match(/^ {2}first token after \d+\.\d\d s, then \d+ tokens a second$/gm),
    ).toHaveLength(3);
    expect(stdout).toMatch(
      /Loaded in \d+\.\d\d s with a context of \d+ tokens; \d+ MB of memory\.\n$/,
    );
  });

  test('says in one line what is wrong with a file', async () => {
    writeFileSync(file, 'this is no model');
    const { code, stdout, stderr } = await runCli(['model', 'check', NAME], {});
    expect([code, stdout]).toEqual([1, '']);
    expect(stderr).toMatch(/^keyturn: .*not a GGUF file.*\n$/);
  });
});

describe('keyturn model use', () => {
  const env = scratch.path('.env');
  const use = (name: string, settings: Record<string, string> = {}) =>
    runCli(['model', 'use', name], settings, undefined, scratch.path('.'));

  test('writes LOCAL_MODEL into .env, leaves the rest, and says what a host needs', async () => {
    const { stdout } = await use('lifeboat');
    expect(stdout).toMatch(
      /^\.env says LOCAL_MODEL=lifeboat now\. Start the server again\.\nOn a host, .*\n$/,
    );
    expect(readFileSync(env, 'utf8')).toBe('LOCAL_MODEL=lifeboat\n');

    writeFileSync(env, '# mine\nPORT=3001\n\nLOCAL_MODEL=other\nLOG_LEVEL=info\n');
    await use('lifeboat');
    expect(readFileSync(env, 'utf8')).toBe(
      '# mine\nPORT=3001\n\nLOCAL_MODEL=lifeboat\nLOG_LEVEL=info\n',
    );
  });

  test('only says what to set in production', async () => {
    rmSync(env, { force: true });
    const { stdout } = await use('lifeboat', { NODE_ENV: 'production' });
    expect(stdout).toBe(
      "Set LOCAL_MODEL=lifeboat in the server's environment and start it again.\n",
    );
    expect(existsSync(env)).toBe(false);
  });

  test('refuses a file that is no model', async () => {
    writeFileSync(file, 'this is no model');
    const { code, stderr } = await use(NAME);
    expect(code).toBe(1);
    expect(stderr).toMatch(/^keyturn: .* is no usable model.*\n$/);
  });
});

describe('keyturn model remove', () => {
  test('keeps the model in use, unless it is forced', async () => {
    copyFileSync(lifeboatPath, file);
    const settings = { LOCAL_MODEL: NAME };
    const kept = await runCli(['model', 'remove', NAME], settings);
    expect([kept.code, existsSync(file)]).toEqual([2, true]);
    const removed = await runCli(['model', 'remove', NAME, '--force'], settings);
    expect([removed.code, removed.stdout, existsSync(file)]).toEqual([
      0,
      `${NAME} is gone.\n`,
      false,
    ]);
  });

  test('never takes the embedded model', async () => {
    const { code, stderr } = await runCli(['model', 'remove', 'lifeboat.gguf', '--force'], {});
    expect([code, existsSync(lifeboatPath)]).toEqual([2, true]);
    expect(stderr).toMatch(/^keyturn: lifeboat is part of keyturn.*\n$/);
  });
});

test('a model that is not there can be pulled where the list has it, and only there', async () => {
  const [known, unknown] = await Promise.all(
    ['qwen3-0.6b', 'no-such-model'].map((name) => runCli(['model', 'check', name], {})),
  );
  expect(known?.stderr).toContain('keyturn model pull qwen3-0.6b');
  expect(unknown?.stderr).not.toContain('pull no-such-model');
});

test.each([
  ['nothing to do', []],
  ['an unknown model', ['pull', 'no-such-model']],
  ['a hash that is none', ['pull', 'smollm2-135m', '--sha256', 'abc']],
  ['a model that is not there', ['use', 'no-such-model']],
  ['a path', ['remove', '../package.json']],
  ['two models', ['remove', 'one', 'two']],
])('%s is one line and exit code 2', async (_name, args) => {
  const { code, stdout, stderr } = await runCli(['model', ...args], {});
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toMatch(/^keyturn: \S.*\n$/);
});
