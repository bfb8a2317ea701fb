import { mkdir, rm } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

it('a key that could not be kept when it turned is kept when the server ends, if it can be then', async () => {
  const directory = scratch.path('data');
  const server = await startServer({ DATA_DIR: directory });
  await rm(directory, { recursive: true });
  const turn = await fetch(`${server.url}/rotate-key`, {
    method: 'POST',
    headers: { 'admin-secret': server.adminSecret },
  });
  expect(await turn.json()).toMatchObject({ warning: expect.stringContaining('ENOENT') });
  const key = await server.key();
  await mkdir(directory);
  expect(await server.stop()).toBe(0);

  const next = await startServer({ DATA_DIR: directory });
  const kept = await next.key();
  await next.stop();
  expect(kept).toBe(key);
});
