import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePlan } from '../../tools/lab/limits.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { runCli } from './run-cli.ts';

describe('reports on the command line', () => {
  let cloud: Cloud;
  let settings: Record<string, string>;

  beforeAll(async () => {
    cloud = await startCloud({}, { answerTokens: 8, limits: freePlan });
    settings = { KEYTURN_URL: cloud.server.url, KEYTURN_KEY: await cloud.server.key() };
  });
  afterAll(() => cloud.stop());

  test('limits says so when nothing is known yet', async () => {
    const { stdout } = await runCli(['limits'], settings);
    expect(stdout).toBe(
      'No cloud model was asked yet, so no limit is known.\n0 of 50 calls are open, 0 wait.\n',
    );
  });

  test('limits shows what the provider said, as a table', async () => {
    await cloud.ask({});
    const { stdout, code } = await runCli(['limits'], settings);
    const [title, rule, ...rows] = stdout.trimEnd().split('\n');
    expect(title).toMatch(/^model +window +used +left +limit +free again in$/);
    expect(rule).toMatch(/^[─ ]+$/);
    expect(rows).toContainEqual(
      expect.stringMatching(/^openai\/gpt-oss-120b +rpd +1 +999 +1,000 /),
    );
    expect(code).toBe(0);
  });

  test('usage shows requests, tokens and cost by model and by day', async () => {
    const byModel = await runCli(['usage'], settings);
    expect(byModel.stdout).toMatch(
      /^model +requests +failed attempts +prompt +completion +cost \$\n/,
    );
    expect(byModel.stdout).toMatch(/^openai\/gpt-oss-120b +1 +0 +\d+ +\d+ +0\.0000$/m);
    expect(byModel.stdout).toMatch(/^total +1 +0 +\d+ +\d+ +0\.0000\nSince \d{4}-.*Z\.\n$/m);
    const byDay = await runCli(['usage', '--days'], settings);
    expect(byDay.stdout).toMatch(/^\d{4}-\d\d-\d\d +1 +0 /m);
  });

  test('both give the whole report with --json', async () => {
    const usage = await runCli(['usage', '--json'], settings);
    const limits = await runCli(['limits', '--json'], settings);
    expect(JSON.parse(usage.stdout).total.requests).toBe(1);
    expect(JSON.parse(limits.stdout).models[0].model).toBe('openai/gpt-oss-120b');
  });
});
