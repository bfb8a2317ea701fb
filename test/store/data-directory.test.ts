import { mkdirSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { afterAll, describe, expect, it } from 'vitest';
import { openDataDirectory } from '../../src/store/data-directory.ts';
import { DirectoryLockedError } from '../../src/store/directory-lock.ts';
import { scratchFolder } from '../support/scratch.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

async function open(directory: string) {
  const complaints: unknown[] = [];
  const data = await openDataDirectory<{ count: number }>({
    directory,
    parse: (kept) => kept as { count: number },
    now: Date.now,
    onSetAside: (movedTo) => complaints.push(movedTo),
    onUnwritable: (error) => complaints.push(error),
  });
  return { ...data, complaints };
}

const one = () => ({ count: 1 });

describe('the data directory', () => {
  it('is made with all that is missing above it, open to its owner only', async () => {
    const directory = scratch.path('a/b/data');
    const { keys, isDurable, release } = await open(directory);
    await keys.update(one);
    expect(isDurable).toBe(true);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    expect(statSync(`${directory}/db.json`).mode & 0o777).toBe(0o600);
    await release();
  });

  it('is closed to others when it was open to them', async () => {
    const directory = scratch.path('open');
    mkdirSync(directory, { mode: 0o755 });
    const { release } = await open(directory);
    expect(statSync(directory).mode & 0o777).toBe(0o700);
    await release();
  });

  it('is held by one at a time, under whatever name, and free after its release', async () => {
    const directory = scratch.path('held');
    const { release } = await open(directory);
    symlinkSync(directory, scratch.path('other-name'));
    const refused = open(scratch.path('other-name'));
    await expect(refused).rejects.toThrow(DirectoryLockedError);
    await expect(refused).rejects.toThrow(`(process ${process.pid}) already runs on`);
    await release();
    await (await open(directory)).release();
  });

  it('may lie beside another one', async () => {
    const first = await open(scratch.path('first'));
    const second = await open(scratch.path('second'));
    await first.release();
    await second.release();
  });
});

describe('a data directory that cannot be', () => {
  it('is replaced by memory where a file has its name', async () => {
    writeFileSync(scratch.path('file'), 'not a directory');
    const { keys, isDurable, complaints } = await open(scratch.path('file'));
    expect(isDurable).toBe(false);
    expect(complaints).toHaveLength(1);
    expect(await keys.update(one)).toEqual({ count: 1 });
    expect(await keys.read()).toEqual({ count: 1 });
  });

  it('does not stop the start where its place is not there', async () => {
    symlinkSync(scratch.path('volume that is not mounted/data'), scratch.path('dangling'));
    const { keys, isDurable, complaints } = await open(scratch.path('dangling'));
    expect(isDurable).toBe(false);
    expect(complaints).toHaveLength(1);
    await expect(keys.update(one)).rejects.toThrow("can't write db.json: ENOENT");
  });
});
