import { mkdirSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { scratchFolder } from '../support/scratch.ts';
import { blocksIn, commandsOf, documents, spansOf, textOf } from './documents.ts';
import { endings, exceptionFor, exceptions } from './exceptions.ts';
import { shellIn } from './shell.ts';

const scratch = scratchFolder();
let cloud: Cloud;
let shell: ReturnType<typeof shellIn>;

beforeAll(async () => {
  mkdirSync(scratch.path('home'));
  shell = shellIn(scratch.path('home'));
  cloud = await startCloud({}, { answerTokens: 5 });
});
afterAll(async () => {
  await cloud.stop();
  scratch.remove();
});

/** What the pages call the server, its key and its admin secret. */
async function environment(): Promise<Record<string, string>> {
  const { url, adminSecret } = cloud.server;
  const KEY = await cloud.server.key();
  return {
    ...{ URL: url, KEY, ADMIN_SECRET: adminSecret },
    ...{ KEYTURN_URL: url, KEYTURN_ADMIN_SECRET: adminSecret },
    ...{ GROQ_BASE_URL: cloud.lab.url, GROQ_API_KEY: 'gsk_test_of_the_documents' },
    ...{ DATA_DIR: scratch.path('data'), PORT: '0', HOST: '127.0.0.1' },
  };
}

async function expectToWork(commands: readonly string[]): Promise<void> {
  const typed = commands.map((command) =>
    command.replaceAll('https://your-host', cloud.server.url),
  );
  const ended = await shell.run(typed, await environment());
  expect(ended).toHaveLength(commands.length);
  for (const [index, { exit, said }] of ended.entries()) {
    const command = commands[index] ?? '';
    const expected = endings.find((ending) => command.startsWith(ending.command));
    expect(exit, `${command}\n${said}`).toBe(expected?.exit ?? 0);
    if (expected) expect(said).toMatch(expected.says);
  }
}

const runnable = blocksIn('sh')
  .map((block) => ({
    ...block,
    commands: commandsOf(block).filter((command) => !exceptionFor(command)),
  }))
  .filter(({ commands }) => commands.length > 0);

/** Commands in backticks. `…` and `<…>` stand for something; `keyturn ask` alone is only its name. */
const inProse = [...new Set(documents.flatMap(spansOf))].filter(
  (code) =>
    /^(cat \S+ \| )?(keyturn|npm run (--silent )?cli --) \w/.test(code) &&
    !/[…<]|^keyturn ask$/.test(code),
);

describe('every command of a page works when it is typed', () => {
  it.each(runnable)('$document, line $line', async ({ commands }) => {
    await expectToWork(commands);
  });

  it.each(inProse.filter((command) => !exceptionFor(command)))('%s', async (command) => {
    await expectToWork([command]);
  });
});

describe('what is not run', () => {
  const all = [...blocksIn('sh').flatMap(commandsOf), ...inProse];

  it.each(exceptions)('$command: $why', ({ command, instead }) => {
    expect(all.some((each) => exceptionFor(each)?.command === command)).toBe(true);
    expect(textOf(instead.file)).toContain(instead.says);
  });
});
