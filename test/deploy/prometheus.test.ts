import { writeFileSync } from 'node:fs';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { scratchFolder } from '../support/scratch.ts';
import { alerts, queries } from './queries.ts';
import { freePort, has, runTool, type Tool, textOf } from './tool.ts';

describe.runIf(has('prometheus'))('in Prometheus (needs prometheus)', () => {
  let cloud: Cloud;
  const scratch = scratchFolder();
  let prometheus: Tool;
  let url: string;

  beforeAll(async () => {
    cloud = await startCloud({}, { answerTokens: 5 });
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    writeFileSync(scratch.path('alerts.yml'), textOf('deploy/alerts.yml'));
    const config = textOf('deploy/prometheus.yml')
      .replaceAll('15s', '1s')
      .replace('/etc/prometheus/alerts.yml', scratch.path('alerts.yml'))
      .replace('keyturn:3000', new URL(cloud.server.url).host);
    writeFileSync(scratch.path('prometheus.yml'), config);
    const args = [
      `--config.file=${scratch.path('prometheus.yml')}`,
      `--storage.tsdb.path=${scratch.path('data')}`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    const isScraped = async () => Number((await query('up{job="keyturn"}'))[0]?.value[1]) === 1;
    prometheus = await runTool('prometheus', args, isScraped);
  });
  afterAll(async () => {
    await prometheus.stop();
    await cloud.stop();
    scratch.remove();
  });

  async function query(expr: string): Promise<{ value: [number, string] }[]> {
    const concrete = expr.replaceAll('$__rate_interval', '10s');
    const answer = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(concrete)}`);
    const { status, data, error } = (await answer.json()) as {
      status: string;
      error?: string;
      data?: { result: { value: [number, string] }[] };
    };
    if (status !== 'success') throw new Error(`${expr}: ${error}`);
    return data?.result ?? [];
  }

  test('the real server is scraped, every query is understood, every rule is loaded', async () => {
    for (const [, expr] of queries) await query(expr);
    expect(await query('keyturn_key_seconds_left')).toHaveLength(1);
    const rules = (await (await fetch(`${url}/api/v1/rules`)).json()) as {
      data: { groups: { rules: { name: string; health: string }[] }[] };
    };
    const names = rules.data.groups.flatMap((group) => group.rules.map(({ name }) => name));
    expect(names).toHaveLength(alerts.length);
    expect(names).toContain('KeyturnBreakerOpen');
  });
});
