import { mkdirSync, readdirSync, readFileSync } from 'node:fs';
import { afterAll, expect, it } from 'vitest';
import { startCloud } from '../../support/cloud.ts';
import { startCollector } from '../../support/collector.ts';
import { scratchFolder } from '../../support/scratch.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

/** Every file that a server loaded, as V8 counted them, and what the provider heard of the trace. */
async function run(name: string, settings: Record<string, string>) {
  const folder = scratch.path(name);
  mkdirSync(folder);
  const cloud = await startCloud({ NODE_V8_COVERAGE: folder, ...settings });
  await cloud.ask({}, { headers: { traceparent: `00-${'ab'.repeat(16)}-${'cd'.repeat(8)}-01` } });
  const told = cloud.lab.attempts[0]?.headers['traceparent'];
  await cloud.stop();
  const reports = readdirSync(folder).map((file) => readFileSync(`${folder}/${file}`, 'utf8'));
  const loaded = reports.flatMap((report) =>
    (JSON.parse(report) as { result: { url: string }[] }).result.map(({ url }) => url),
  );
  return { loaded, told };
}

it('nothing of it is loaded, and nothing passed on, where no traces are wanted', async () => {
  const isTraces = (url: string) => /\/chunks\/traces-/.test(url);
  const off = await run('off', {});
  expect(off.loaded.some((url) => url.endsWith('/dist/main.js'))).toBe(true);
  expect(off.loaded.filter(isTraces)).toEqual([]);
  expect(off.told).toBeUndefined();

  const collector = await startCollector();
  const on = await run('on', { OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
  await collector.close();
  expect(on.loaded.filter(isTraces)).toHaveLength(1);
  expect(on.told).toBeDefined();
});
