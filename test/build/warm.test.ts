import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

/** Node has had it since 22.1. */
const canKeep = 'enableCompileCache' in nodeModule;

it('what Node compiled of the server is kept, and read at the next start', async () => {
  const folder = scratch.path('compiled');
  const script = join(import.meta.dirname, '../../tools/warm.mjs');
  expect(spawnSync(process.execPath, [script, folder]).status).toBe(0);
  expect(existsSync(folder)).toBe(canKeep);

  const settings = { NODE_COMPILE_CACHE: folder, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
  const server = await startServer(settings);
  const isTaken = () => /dist\/main\.js was accepted/.test(server.output());
  if (canKeep) await expect.poll(isTaken).toBe(true);
  expect(await server.stop()).toBe(0);
});
