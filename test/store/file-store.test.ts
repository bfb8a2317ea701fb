import {
  chmodSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { dirname } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { fileStore } from '../../src/store/file-store.ts';
import { scratchFolder } from '../support/scratch.ts';

const scratch = scratchFolder();
afterAll(scratch.remove);

const note = z.object({ count: z.number() });
type Note = z.infer<typeof note>;

/** A store in a folder of its own, which may hold a file already. */
async function openStore(name: string, kept?: string | Uint8Array) {
  const path = `${scratch.path(name)}/db.json`;
  mkdirSync(dirname(path), { recursive: true });
  if (kept !== undefined) writeFileSync(path, kept);
  const setAside: string[] = [];
  const store = await fileStore<Note>({
    path,
    parse: (text) => note.parse(text),
    onSetAside: (movedTo) => setAside.push(movedTo),
    now: () => Date.UTC(2026, 5, 3, 12),
  });
  return { store, path, setAside };
}

const increment = (current: Note | undefined) => ({ count: (current?.count ?? 0) + 1 });

describe('a file store', () => {
  it('keeps a document for the next one that opens it', async () => {
    const { store } = await openStore('kept');
    expect(await store.read()).toBeUndefined();
    await store.update(increment);
    expect(await (await openStore('kept')).store.read()).toEqual({ count: 1 });
  });

  it('loses none of many updates at once', async () => {
    const { store } = await openStore('many');
    await Promise.all(Array.from({ length: 50 }, () => store.update(increment)));
    expect(await (await openStore('many')).store.read()).toEqual({ count: 50 });
  });

  it('writes nothing when nothing has changed', async () => {
    const { store, path } = await openStore('same', '{"count":1}');
    await store.update((current) => current ?? { count: 0 });
    expect(readFileSync(path, 'utf8')).toBe('{"count":1}');
  });

  it('keeps its file to its owner, even if it was open to others before', async () => {
    const { store, path } = await openStore('mode', '{"count":1}');
    chmodSync(path, 0o644);
    await store.update(increment);
    expect(statSync(path).mode & 0o777).toBe(0o600);
    expect(readdirSync(dirname(path))).toEqual(['db.json']);
  });

  it('is not stopped by the draft of a process that was killed', async () => {
    const { store, path } = await openStore('draft', '{"count":1}');
    writeFileSync(`${path}.tmp`, '{"cou', { mode: 0o644 });
    await store.update(increment);
    expect(JSON.parse(readFileSync(path, 'utf8'))).toEqual({ count: 2 });
    expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  it('has the old document when the new one cannot be written, and the next update works', async () => {
    const { store, path } = await openStore('full', '{"count":1}');
    mkdirSync(`${path}.tmp`);
    await expect(store.update(increment)).rejects.toThrow("can't write db.json");
    expect(await store.read()).toEqual({ count: 1 });
    expect(readFileSync(path, 'utf8')).toBe('{"count":1}');
    rmdirSync(`${path}.tmp`);
    expect(await store.update(increment)).toEqual({ count: 2 });
  });

  it('does not tell its path to whoever reads why it failed', async () => {
    const { store, path } = await openStore('secretive');
    mkdirSync(`${path}.tmp`);
    await expect(store.update(increment)).rejects.not.toThrow(dirname(path));
  });
});

describe('a file that cannot be understood', () => {
  it.each([
    ['torn', '{"count": 1'],
    ['empty', ''],
    ['foreign', '{"some": "other program"}'],
    ['binary', new Uint8Array([0, 255, 254, 1])],
    ['null', 'null'],
    ['list', '[1,2]'],
  ])('is set aside whole and reported when it is %s', async (name, kept) => {
    const { store, path, setAside } = await openStore(name, kept);
    expect(await store.read()).toBeUndefined();
    expect(setAside).toEqual([`${path}.corrupt-2026-06-03T12-00-00-000Z`]);
    expect(readFileSync(setAside[0] ?? '')).toEqual(Buffer.from(kept));
    await store.update(increment);
    expect(await (await openStore(name)).store.read()).toEqual({ count: 1 });
  });

  it('stops the start when it is not even a file', async () => {
    mkdirSync(`${scratch.path('folder')}/db.json`, { recursive: true });
    await expect(openStore('folder')).rejects.toThrow(
      /can't read .*db\.json \(EISDIR\)\. Let this user read it, move it away, or set another DATA_DIR\./,
    );
  });
});
