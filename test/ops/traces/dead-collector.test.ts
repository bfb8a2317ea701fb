import { afterEach, describe, expect, it } from 'vitest';
import { type Cloud, startCloud } from '../../support/cloud.ts';
import { type Collector, startCollector } from '../../support/collector.ts';

let collector: Collector | undefined;
afterEach(() => collector?.close());

const lost = (cloud: Cloud) => cloud.server.output().split('traces are lost').length - 1;

/** Enough requests for a batch, which goes out at once. */
async function flood(cloud: Cloud): Promise<void> {
  for (let round = 0; round < 26; round++) {
    const asked = Array.from({ length: 20 }, () => fetch(`${cloud.server.url}/v1/models`));
    for (const answer of await Promise.all(asked)) expect(answer.status).toBe(401);
  }
}

describe('a collector that is gone', () => {
  it('is one line in the log, harms no request and does not hold up the end', async () => {
    // No system hands this port out, so no other test's server can come to listen there.
    const cloud = await startCloud({ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://127.0.0.1:2' });
    await flood(cloud);
    await expect.poll(() => lost(cloud), { timeout: 5_000 }).toBe(1);
    expect(cloud.server.output()).toContain('"reason":"ECONNREFUSED"');
    expect((await cloud.ask({})).status).toBe(200);
    await flood(cloud);
    const since = performance.now();
    await cloud.stop();
    expect(performance.now() - since).toBeLessThan(6_000);
    expect(lost(cloud)).toBe(1);
  });

  it('that never answers does neither', async () => {
    collector = await startCollector();
    collector.answer(0);
    const cloud = await startCloud({
      ...{ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url, OTEL_EXPORTER_OTLP_TIMEOUT: '300' },
    });
    await flood(cloud);
    await expect.poll(() => lost(cloud), { timeout: 5_000 }).toBe(1);
    expect((await cloud.ask({})).status).toBe(200);
    const since = performance.now();
    await cloud.stop();
    expect(performance.now() - since).toBeLessThan(6_000);
  });

  it('that comes back is told as well, and gets the batch that it refused', async () => {
    collector = await startCollector();
    collector.answer(503);
    const cloud = await startCloud({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
    await flood(cloud);
    await expect.poll(() => lost(cloud), { timeout: 5_000 }).toBe(1);
    collector.answer(200);
    await expect
      .poll(() => cloud.server.output(), { timeout: 10_000 })
      .toContain('the collector takes traces again');
    await cloud.stop();
    const asked = collector.spans().filter(({ name }) => name === 'GET /v1/models');
    expect(asked).toHaveLength(520);
  });

  it('whose address is no address is a setting that is wrong', async () => {
    const settings = {
      OTEL_EXPORTER_OTLP_ENDPOINT: 'localhost:4318',
      OTEL_EXPORTER_OTLP_HEADERS: 'no pair at all, with a-secret',
      OTEL_TRACES_SAMPLER: 'sometimes',
    };
    const failed = await startCloud(settings).catch((error: Error) => error.message);
    for (const name of Object.keys(settings)) expect(failed).toContain(name);
    expect(failed).not.toContain('a-secret');
  });
});
