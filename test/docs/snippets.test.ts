import { execFileSync, spawnSync } from 'node:child_process';
import { Cron } from 'croner';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { type Block, blocksIn, blocksOf, documents, textOf } from './documents.ts';

let cloud: Cloud;
let key: string;
beforeAll(async () => {
  cloud = await startCloud({}, { answerTokens: 5 });
  key = await cloud.server.key();
});
afterAll(() => cloud.stop());

/** How to check the webhook's signature: webhook.test.ts runs it. */
const webhookCheck = blocksOf('docs/api.md').find(({ language }) => language === 'js')?.text;

const where = ({ document, line, text }: Block) => [`${document}, line ${line}`, text] as const;

it('every block is of a kind that some test knows', () => {
  // sh: commands.test.ts; console: first-steps.test.ts; text: a picture.
  const known = ['sh', 'console', 'text', 'js', 'python', 'yaml', 'json', 'cron'];
  const others = documents
    .flatMap(blocksOf)
    .filter(({ language }) => !known.includes(language))
    .map(where);
  expect(others).toEqual([]);
  expect(blocksIn('text').map(({ document }) => document)).toEqual(['docs/architecture.md']);
  const consoles = blocksIn('console').map(({ document }) => document);
  expect(consoles).toEqual(['README.md', 'README.md']);
});

describe('Python', () => {
  const python = blocksIn('python').map(where);
  const has = (name: string) => spawnSync('python3', ['-c', `import ${name}`]).status === 0;

  it.each(python)('%s: runs where its package is there, and is Python anyhow', async (_, text) => {
    const [, name = ''] = /^from (\w+) import/.exec(text) ?? [];
    expect(['openai', 'langchain_openai']).toContain(name);
    if (spawnSync('python3', ['--version']).status !== 0) return;
    const script = `KEY = "${key}"\n${text.replaceAll('https://your-host', cloud.server.url)}`;
    const parses = 'import ast, sys; ast.parse(sys.stdin.read())';
    const args = has(name) ? ['-'] : ['-c', parses];
    execFileSync('python3', args, { input: script, stdio: ['pipe', 'pipe', 'inherit'] });
  });
});

describe('JavaScript', () => {
  const { dependencies } = JSON.parse(textOf('test/clients/package.json')) as {
    dependencies: Record<string, string>;
  };

  it.each(blocksIn('js').map(where))('%s: is run by test/clients, with its package', (_, text) => {
    const [, name = ''] = /^import .* from '([^']+)';/.exec(text) ?? [];
    if (name === 'node:crypto') return expect(text).toBe(webhookCheck);
    expect(Object.keys(dependencies)).toContain(name);
    expect(textOf('test/clients/run.mjs')).toContain('snippetChecks(');
  });
});

describe('configuration', () => {
  it.each(blocksIn('yaml').map(where))('%s: is YAML with the fields that it wants', (_, text) => {
    const read = parse(text);
    if (text.includes('buildCommand')) {
      const { services } = parse(textOf('render.yaml'));
      for (const field of Object.keys(read)) expect(Object.keys(services[0])).toContain(field);
      return;
    }
    // https://docs.continue.dev/reference
    expect(read).toMatchObject({ name: 'keyturn', version: '0.0.1', schema: 'v1' });
    const [model] = read.models;
    expect(model).toMatchObject({ provider: 'openai', apiBase: 'https://your-host/v1' });
  });

  it('the model that the editors are told to ask for answers', async () => {
    const [zed = '{}'] = blocksIn('json')
      .map(({ text }) => text)
      .filter((text) => text.includes('language_models'));
    const { keyturn } = JSON.parse(zed).language_models.openai_compatible;
    expect(keyturn.api_url).toBe('https://your-host/v1');
    const [continued] = blocksIn('yaml')
      .map(({ text }) => parse(text).models?.[0]?.model)
      .filter(Boolean);
    for (const model of [keyturn.available_models[0].name, continued]) {
      const answer = await cloud.ask({ model });
      expect(answer.headers.get('x-served-by')).toBe(`groq/${model}`);
    }
  });

  it('the line of the log is one that the server writes', async () => {
    cloud.lab.script('openai/gpt-oss-120b', ['503']);
    const answer = await cloud.stream({ model: 'openai/gpt-oss-120b' });
    const id = answer.headers.get('x-request-id') ?? 'none';
    const [example = '{}'] = blocksOf('docs/monitoring.md')
      .filter(({ language }) => language === 'json')
      .map(({ text }) => text);
    const written = () =>
      cloud.server
        .output()
        .split('\n')
        .find((line) => line.includes(`"id":"${id}"`) && line.includes('"msg":"request"'));
    await expect.poll(written).toBeDefined();
    expect(Object.keys(JSON.parse(written() ?? '{}'))).toEqual(Object.keys(JSON.parse(example)));
  });

  it.each(blocksIn('cron').map(where))('%s: is a crontab whose command works', (_, text) => {
    const [, pattern = '', command = ''] = /^((?:\S+ ){5})(.*)$/m.exec(text) ?? [];
    expect(new Cron(pattern.trim(), { paused: true }).nextRun()).not.toBeNull();
    const here = command.replace('https://<name>.onrender.com', cloud.server.url);
    execFileSync('bash', ['-c', here]);
  });
});
