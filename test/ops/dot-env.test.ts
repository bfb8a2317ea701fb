import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { scratchFolder } from '../support/scratch.ts';
import { runMain } from '../support/server.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

/** How a start ends in a folder with this `.env`. */
async function started(name: string, bytes: Buffer | 'a folder') {
  const folder = scratch.path(name);
  mkdirSync(folder);
  const path = join(folder, '.env');
  if (bytes === 'a folder') mkdirSync(path);
  else writeFileSync(path, bytes);
  const run = runMain({ DATA_DIR: join(folder, 'data') }, folder);
  const timer = setTimeout(() => run.child.kill(), 10_000);
  await once(run.child, 'close');
  clearTimeout(timer);
  return { code: run.child.exitCode, text: run.output() };
}

describe('.env', () => {
  it('counts from its first line, whatever mark and line ends an editor wrote', async () => {
    const text = '\uFEFFLOG_LEVEL=loud\r\nexport KEY_GENERATION="x"\r\n';
    const run = await started('marked', Buffer.from(text));
    expect(run.code).toBe(78);
    expect(run.text).toContain('LOG_LEVEL: expected');
    expect(run.text).toContain('KEY_GENERATION: expected');
  });

  it('in UTF-16 is refused instead of passed over', async () => {
    const run = await started(
      'wide',
      Buffer.from('\uFEFFADMIN_SECRET=hidden-from-all\n', 'utf16le'),
    );
    expect(run.code).toBe(78);
    expect(run.text).toContain("keyturn can't start: .env is no UTF-8 text");
    expect(run.text).not.toContain('hidden');
  });

  it('that is a folder is one readable message', async () => {
    const run = await started('folder', 'a folder');
    expect(run.code).toBe(78);
    expect(run.text).toBe(
      "keyturn can't start: .env can't be read (EISDIR): mend it, or take it away.\n",
    );
  });
});
