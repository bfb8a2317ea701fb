import { megabytes, roomBytes } from '../../doctor/room.ts';
import type { CatalogEntry } from '../../providers/local/catalog/catalog.ts';
import { painterFor } from '../paint.ts';
import { count, table } from '../table.ts';
import { fitOf, fitOfFile } from './room.ts';
import type { ModelSettings } from './settings.ts';
import { catalog, EMBEDDED, elsewhere, type OnShelf, onShelf } from './shelf.ts';

const COLUMNS = [
  { title: 'model' },
  { title: 'MB', isNumber: true },
  { title: 'memory', isNumber: true },
  { title: 'fits' },
  { title: 'installed' },
  { title: 'in use' },
  { title: 'licence' },
  { title: 'good at' },
];

/** `keyturn model list`: what is there, and what could be. */
export async function listModels(settings: ModelSettings): Promise<void> {
  const room = roomBytes(settings.memoryLimitBytes);
  const known = catalog();
  const here = onShelf();
  const own = here.filter(({ name }) => !known.some((entry) => entry.name === name));
  const others = here.some(({ path }) => path === settings.usedPath)
    ? []
    : elsewhere(settings.usedPath);
  const rows = await Promise.all([
    ...[...others, ...own].map((file) => installedRow(file, undefined, settings, room)),
    ...known.map((entry) => {
      const file = here.find(({ name }) => name === entry.name);
      return file ? installedRow(file, entry, settings, room) : catalogRow(entry, room);
    }),
  ]);
  const note = painterFor(process.stdout)(
    'dim',
    `Sizes and memory in MB; here is room for a model of ${count(megabytes(room))} MB (tight: with a smaller context).`,
  );
  process.stdout.write(`${table(COLUMNS, rows)}${note}\n`);
}

/** The file itself knows better than the catalogue. */
async function installedRow(
  { name, path, bytes }: OnShelf,
  entry: CatalogEntry | undefined,
  { usedPath, contextSize }: ModelSettings,
  room: number,
): Promise<string[]> {
  const found = await fitOfFile(path, contextSize, room);
  return [
    name,
    (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0),
    found ? count(megabytes(found.needBytes)) : '–',
    found?.fit ?? 'damaged',
    'yes',
    path === usedPath ? 'yes' : '',
    entry?.licence ?? '',
    entry?.goodAt ??
      (name === EMBEDDED ? 'comes with keyturn: short answers when all else fails' : ''),
  ];
}

function catalogRow(entry: CatalogEntry, room: number): string[] {
  const { name, megabytes: size, memoryMegabytes, licence, goodAt } = entry;
  const fit = fitOf(memoryMegabytes * 2 ** 20, room);
  return [name, count(size), count(memoryMegabytes), fit, '', '', licence, goodAt];
}
