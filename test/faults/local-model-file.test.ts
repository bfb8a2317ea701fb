import { copyFileSync, readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { afterAll, expect, test } from 'vitest';
import { errorIn, said } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { scratchFolder } from '../support/scratch.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);
const lifeboat = fileURLToPath(new URL('../../models/lifeboat.gguf', import.meta.url));

const FILES: Record<string, (path: string) => void> = {
  missing: () => {},
  truncated: (path) => writeFileSync(path, readFileSync(lifeboat).subarray(0, 1_000_000)),
  'not GGUF': (path) => writeFileSync(path, '<html>not found</html>'.repeat(1000)),
  empty: (path) => writeFileSync(path, ''),
  'too big for the memory': (path) => copyFileSync(lifeboat, path),
};

/** No room for any model. */
const LITTLE_MEMORY = { LOCAL_MEMORY_MB: '32' };

test.concurrent.for(Object.keys(FILES))(
  'with a local model file that is %s: a clear error at once, and the cloud road works',
  async (what, { onTestFinished }) => {
    const path = scratch.path(`${what.replaceAll(' ', '-')}.gguf`);
    FILES[what]?.(path);
    const memory = what.includes('memory') ? LITTLE_MEMORY : {};
    const cloud = await startCloud({ LOCAL_MODEL: path, ...memory });
    onTestFinished(cloud.stop);

    for (const _ of [1, 2]) {
      const local = await cloud.ask({ prompt: 'Hello' }, { path: '/local-chat' });
      expect(local.status).toBe(503);
      expect(errorIn(local)?.code).toBe('local_model_unavailable');
      expect(errorIn(local)?.message.length).toBeGreaterThan(20);
      expect(local.text).not.toContain(path);
      expect(local.tookMs).toBeLessThan(4000);
    }

    const answer = await cloud.ask({});
    expect(said(answer)).toBe(cloud.lab.expected(PROMPT));
    cloud.lab.script('*', ['498']);
    const nobody = await cloud.ask({});
    expect(nobody.status).toBe(503);
    expect(nobody.headers.get('x-fallback-trail')).toBe(
      'groq/openai/gpt-oss-120b:498, groq/openai/gpt-oss-20b:498',
    );
    expect(cloud.server.child.exitCode).toBeNull();
  },
);

test('a local model file that is put in place later is found without a restart', async ({
  onTestFinished,
}) => {
  const path = scratch.path('later.gguf');
  const cloud = await startCloud({ LOCAL_MODEL: path });
  onTestFinished(cloud.stop);
  const before = await cloud.ask({ prompt: 'Hello' }, { path: '/local-chat' });
  expect(before.status).toBe(503);
  copyFileSync(lifeboat, path);
  await expect
    .poll(async () => (await cloud.ask({ prompt: 'Hello' }, { path: '/local-chat' })).status, {
      timeout: 10_000,
      interval: 200,
    })
    .toBe(200);
});

test('a model that can’t be warmed up is told of once, and has failed nobody', async ({
  onTestFinished,
}) => {
  const cloud = await startCloud({ LOCAL_MODEL: scratch.path('nowhere.gguf') });
  onTestFinished(cloud.stop);
  for (const model of ['lab/498-once#1', 'lab/498-once#2', 'lab/498-once#3']) {
    expect((await cloud.ask({ model })).status).toBe(200);
  }
  const metrics = await (await fetch(`${cloud.server.url}/metrics`)).text();
  expect(metrics).toContain('\nkeyturn_local_failed_total 0\n');
  const lines = cloud.server.output().split('\n');
  const told = lines.filter((line) => line.includes('"local/nowhere"'));
  expect(told).toEqual([
    expect.stringMatching(/file is missing.*"the local model can't be loaded"/),
  ]);

  const local = await cloud.ask({ prompt: 'Hello' }, { path: '/local-chat' });
  expect(local.status).toBe(503);
  const after = await (await fetch(`${cloud.server.url}/metrics`)).text();
  expect(after).toContain('\nkeyturn_local_failed_total 1\n');
});
