import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Cloud, startCloud } from '../support/cloud.ts';
import { type Exposition, readExposition } from '../support/exposition.ts';
import { alerts, queries } from './queries.ts';

/** Metric names in a query: words that are no function, keyword or label. */
function metricsIn(query: string): string[] {
  const bare = query
    .replaceAll(/\{[^}]*\}|\[[^\]]*\]|"[^"]*"/g, ' ')
    .replaceAll(/\b(by|on|without|ignoring) *\([^)]*\)/g, ' ');
  return [...bare.matchAll(/[a-z_]\w*(?!\w*\s*\()/gi)]
    .map(([word]) => word)
    .filter((word) => word.includes('_') || word === 'up')
    .filter((word) => !/^(histogram_quantile)$/.test(word));
}

describe('the dashboard and the alerts', () => {
  let cloud: Cloud;
  let metrics: Exposition;

  beforeAll(async () => {
    cloud = await startCloud({}, { answerTokens: 5 });
    await cloud.stream({});
    await cloud.ask({}, { path: '/local-chat' });
    metrics = readExposition(await (await fetch(`${cloud.server.url}/metrics`)).text());
  });
  afterAll(() => cloud.stop());

  test.each([...queries, ...alerts.map((expr) => ['alert', expr] as const)])(
    '%s asks for metrics that the server exports: %s',
    (_title, expr) => {
      const names = metricsIn(expr).filter((name) => name !== 'up');
      for (const name of names) {
        const base = metrics.types.has(name) ? name : name.replace(/_(bucket|sum|count)$/, '');
        expect([...metrics.types.keys()]).toContain(base);
      }
      expect(metricsIn(expr).length).toBeGreaterThan(0);
    },
  );

  test('label every query with labels that its metrics have', () => {
    const known = new Set(metrics.samples.flatMap(({ labels }) => Object.keys(labels)));
    const always = ['cause', 'code', 'kind', 'outcome', 'model', 'job', 'window', 'error_type'];
    const used = [...queries.map(([, expr]) => expr), ...alerts].flatMap((expr) => [
      ...[...expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, names = '']) => names.split(/, */)),
      ...[...expr.matchAll(/(\w+)(?:=~|!=|=)"/g)].map(([, name = '']) => name),
    ]);
    for (const label of used) expect([...known, ...always]).toContain(label);
  });

  test('every metric of our own is on the dashboard', () => {
    const shown = queries.map(([, expr]) => expr).join(' ');
    const ours = [...metrics.types.keys()].filter((name) => /^(keyturn|gen_ai|http)_/.test(name));
    const absent = ours.filter((name) => !shown.includes(name));
    expect(absent).toEqual(['keyturn_build_info']);
  });
});
