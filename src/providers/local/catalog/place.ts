import { createHash } from 'node:crypto';
import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Resumed } from './download.ts';

/** An address may hold a secret, so only its digest is noted. */
const Note = z.object({ from: z.string(), tag: z.string().optional() });

/** Where an earlier try of this very download broke off; the start, if there is nothing to go by. */
export async function placeOf(partPath: string, url: string): Promise<Resumed> {
  try {
    const note = Note.parse(JSON.parse(await readFile(noteOf(partPath), 'utf8')));
    if (note.from !== digestOf(url)) return { bytes: 0, tag: undefined };
    const { size } = await stat(partPath);
    return { bytes: size, tag: note.tag };
  } catch {
    return { bytes: 0, tag: undefined };
  }
}

/** Notes what the part file is a part of; undefined forgets it. */
export async function keepPlace(
  partPath: string,
  download: { readonly url: string; readonly tag: string | undefined } | undefined,
): Promise<void> {
  if (!download) return rm(noteOf(partPath), { force: true });
  const note: z.infer<typeof Note> = { from: digestOf(download.url), tag: download.tag };
  await writeFile(noteOf(partPath), JSON.stringify(note));
}

function digestOf(url: string): string {
  return createHash('sha256').update(url).digest('hex');
}

function noteOf(partPath: string): string {
  return `${partPath}.json`;
}
