import { readLimits } from '../../providers/local/cgroup.ts';
import { table } from '../table.ts';
import { catalog, onShelf } from './shelf.ts';

const COLUMNS = [
  { title: 'model' },
  { title: 'here' },
  { title: 'MB', isNumber: true },
  { title: 'memory MB', isNumber: true },
  { title: 'fits' },
  { title: 'licence' },
  { title: 'good at' },
];

/** `keyturn model list`: what is there, and what could be. */
export function listModels(used: string): string {
  const here = onShelf();
  const known = catalog();
  const budgetMegabytes = readLimits().memoryBytes / 2 ** 20;
  const mark = (name: string) => {
    if (name === used) return 'in use';
    return here.some((model) => model.name === name) ? 'yes' : '';
  };
  const own = here.filter(({ name }) => !known.some((entry) => entry.name === name));
  const rows = [
    ...own.map(({ name, bytes }) => [name, mark(name), megabytes(bytes), '', '', '', '']),
    ...known.map((entry) => [
      entry.name,
      mark(entry.name),
      String(entry.megabytes),
      String(entry.memoryMegabytes),
      entry.memoryMegabytes <= budgetMegabytes ? 'yes' : 'no',
      entry.licence,
      entry.goodAt,
    ]),
  ];
  return table(COLUMNS, rows);
}

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(bytes < 1e7 ? 1 : 0);
}
