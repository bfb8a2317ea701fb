import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

/** Node has had it since 22.1. */
const canKeep = 'enableCompileCache' in nodeModule;

const folder = scratch.path('compiled');
const settings = { NODE_COMPILE_CACHE: folder, NODE_DEBUG_NATIVE: 'COMPILE_CACHE' };
const root = join(import.meta.dirname, '../..');

beforeAll(() => {
  expect(spawnSync(process.execPath, [join(root, 'tools/warm.mjs'), folder]).status).toBe(0);
});

it('what Node compiled of the server is kept, and read at the next start', async () => {
  expect(existsSync(folder)).toBe(canKeep);
  const server = await startServer(settings);
  const isTaken = () => /dist\/main\.js was accepted/.test(server.output());
  if (canKeep) await expect.poll(isTaken).toBe(true);
  expect(await server.stop()).toBe(0);
});

it("so is what it compiled of the local model's process", () => {
  // As the server starts it; with nobody to talk to it ends at once.
  const flags = ['--max-old-space-size=96', '--max-semi-space-size=1'];
  const child = [...flags, join(root, 'dist/local-child.js')];
  const { stderr } = spawnSync(process.execPath, child, { env: settings, encoding: 'utf8' });
  expect(/dist\/local-child\.js was accepted/.test(stderr)).toBe(canKeep);
});
