import { readFile, rm, stat, writeFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Resumed } from './download.ts';

const Note = z.object({ url: z.string(), tag: z.string().optional() });

/** Where an earlier try of this very download broke off; the start, if there is nothing to go by. */
export async function placeOf(partPath: string, url: string): Promise<Resumed> {
  try {
    const note = Note.parse(JSON.parse(await readFile(noteOf(partPath), 'utf8')));
    if (note.url !== url) return { bytes: 0, tag: undefined };
    const { size } = await stat(partPath);
    return { bytes: size, tag: note.tag };
  } catch {
    return { bytes: 0, tag: undefined };
  }
}

/** Notes what the part file is a part of; undefined forgets it. */
export async function keepPlace(
  partPath: string,
  note: z.infer<typeof Note> | undefined,
): Promise<void> {
  if (note) await writeFile(noteOf(partPath), JSON.stringify(note));
  else await rm(noteOf(partPath), { force: true });
}

function noteOf(partPath: string): string {
  return `${partPath}.json`;
}
