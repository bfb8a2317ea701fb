import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, expect, test, vi } from 'vitest';
import { lookOn } from '../support/live.ts';
import { tracedCloud } from '../support/traced-cloud.ts';

const traced = tracedCloud();

/** What a caller may put by mistake where a model's name belongs. */
const PROMPT = 'Where did Zanzibar the cat hide my letters?';

const leave: (() => void)[] = [];
afterEach(() => {
  for (const each of leave.splice(0)) each();
});

/** All that others than the caller may read of it. */
async function shown(key: string): Promise<Record<string, string>> {
  const { url, dataDir } = traced.cloud.server;
  const headers = { 'x-api-key': key };
  const paths = ['/health', '/ready', '/metrics', '/api/usage', '/api/usage.csv'];
  const pages: Record<string, string> = {};
  for (const path of [...paths, '/api/rate-limits', '/api/models']) {
    pages[path] = await (await fetch(url + path, { headers })).text();
  }
  const onlooker = await lookOn(url, key);
  leave.push(onlooker.leave);
  pages['/api/live'] = JSON.stringify(await onlooker.next());
  const ledger = join(dataDir, 'usage.json');
  await vi.waitUntil(async () => (await readFile(ledger, 'utf8')).includes('/v1/responses'));
  pages['usage.json'] = await readFile(ledger, 'utf8');
  const limits = join(dataDir, 'limits.json');
  await vi.waitUntil(async () => (await readFile(limits, 'utf8')).includes('"model"'));
  pages['limits.json'] = await readFile(limits, 'utf8');
  return pages;
}

test('a prompt or a key in the place of a model’s name is shown to its caller alone', async () => {
  await traced.open({
    ...{ LOCAL_MODEL: 'none', LOG_LEVEL: 'trace', UNKNOWN_MODEL: 'default' },
    GROQ_LIMITS: '*=1000/10000/1000000/10000000',
  });
  const { lab, server, ask, stream } = traced.cloud;
  const key = await server.key();
  const names = [PROMPT, key];
  for (const model of names) {
    // Nobody knows it; it fails until its breaker opens; it answers; its stream breaks.
    const unknown = await ask({ model });
    expect(unknown.headers.get('x-fallback-trail')).toContain(model.replaceAll(' ', '%20'));
    lab.script(model, ['500']);
    await ask({ model });
    await stream({ model });
    await ask({ model: 'openai/gpt-oss-20b', models: [model, 'openai/gpt-oss-20b'] });
    lab.script(model, ['healthy']);
    await ask({ model: `${model}!` });
    lab.script(`${model}!`, ['healthy', { fault: 'cut', tokens: 3 }]);
    for (let each = 0; each < 2; each++) await stream({ model: `${model}!` });
    await ask({ model, input: 'Hello', messages: undefined }, { path: '/v1/responses' });
  }
  const pages = await shown(key);
  pages['log'] = server.output();
  expect(pages['log']).toMatch(/"model":"\?","state":"open"/);
  pages['traces'] = JSON.stringify(await traced.heard());
  const telling = Object.entries(pages).flatMap(([page, text]) =>
    ['Zanzibar', key].filter((word) => text.includes(word)).map((word) => `${word} in ${page}`),
  );
  expect(telling).toEqual([]);
}, 60_000);
