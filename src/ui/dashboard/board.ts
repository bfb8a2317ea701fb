import type { Report } from './report.ts';

/** Everything that the page knows of the server. */
export type Board = Report & {
  /** When this browser heard of it last, and of the limits, in its own time. */
  readonly heardAt: number;
  readonly limitsAt: number;
};

export type Update = Pick<Report, 'time'> & Partial<Report>;

const HOUR_MS = 60 * 60_000;
const MOST_REQUESTS = 1_000;
const MOST_INCIDENTS = 200;
const MOST_DAYS = 31;

/** A first board. */
export function boardOf(report: Report, now: number): Board {
  return { ...report, heardAt: now, limitsAt: now };
}

/** The board after an update: parts are replaced, lists are carried on. */
export function updated(board: Board, update: Update, now: number): Board {
  const { minutes = [], days = [], incidents = [], recent = [], ...parts } = update;
  const oldest = new Date(Date.parse(update.time) - HOUR_MS).toISOString();
  return {
    ...board,
    ...parts,
    heardAt: now,
    limitsAt: update.limits ? now : board.limitsAt,
    minutes: replaced(board.minutes, minutes, ({ time }) => time).filter(
      ({ time }) => time > oldest,
    ),
    days: replaced(board.days, days, ({ day }) => day).slice(-MOST_DAYS),
    incidents: [...board.incidents, ...incidents]
      .filter(({ time }) => time > oldest)
      .slice(-MOST_INCIDENTS),
    recent: [...recent, ...board.recent].slice(0, MOST_REQUESTS),
  };
}

/** A list whose later items take the place of earlier ones of the same name. */
function replaced<T>(before: readonly T[], news: readonly T[], nameOf: (item: T) => string): T[] {
  const all = new Map(before.map((item) => [nameOf(item), item]));
  for (const item of news) all.set(nameOf(item), item);
  return [...all.values()];
}
