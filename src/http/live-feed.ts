import type { Clock } from '../core/clock.ts';
import { ApiError, shuttingDown } from '../core/errors.ts';
import type { Incidents } from '../usage/incidents.ts';
import type { Row } from '../usage/usage-state.ts';
import {
  dayViews,
  incidentViews,
  type LiveSources,
  MOST_ROWS,
  minuteViews,
  rowViews,
  wholeParts,
} from './reports/live-report.ts';
import type { LiveEnd, LiveReport, LiveUpdate } from './reports/live-schema.ts';

/** Somebody who looks on. */
export type Listener = {
  /** @returns whether more can be taken at present. */
  write(event: string): boolean;
  /** Whether what was written last is still on its way. */
  isBusy(): boolean;
  end(event: string): void;
  /** Ends without a word: nothing gets through to it. */
  drop(): void;
};

/** Tells everybody who looks on what the server is doing. */
export type LiveFeed = {
  /** Sends everything to a new listener, then what changes. Returns how to leave. @throws ApiError 503 when there are too many */
  join(listener: Listener): () => void;
  /** Ends everybody's feed: the key that they hold is no longer valid, or the server goes. */
  dismiss(reason: LiveEnd): void;
};

type Options = LiveSources & {
  readonly clock: Clock;
  readonly incidents: Pick<Incidents, 'all' | 'after' | 'count'>;
  readonly onRow: (listener: (row: Row) => void) => void;
  /** Epoch milliseconds. */
  readonly keyExpiresAt: () => number;
};

/** Everybody hears something this often, so that a dead connection is noticed. */
const QUIET_MS = 5_000;

/** A request that is over is told within this time, together with others. */
const GATHER_MS = 1_000;

const MOST_LISTENERS = 100;

/** Who takes nothing for so long is let go. */
const STUCK_MS = 30_000;

const MINUTE_MS = 60_000;

/** Works only while somebody listens, and once for all of them. */
export function liveFeed(options: Options): LiveFeed {
  const { clock, incidents } = options;
  /** With the time since when one has taken nothing; then an update was left out. */
  const listeners = new Map<Listener, { stuckSince: number | undefined }>();
  let told = new Map<string, string>();
  let toldAt = 0;
  let toldIncidents = 0;
  let fresh: Row[] = [];
  let timer: NodeJS.Timeout | undefined;
  let isHurried = false;
  let isOver = false;

  options.onRow((row) => {
    if (listeners.size === 0) return;
    fresh.push(row);
    if (fresh.length > MOST_ROWS) fresh.shift();
    if (isHurried) return;
    isHurried = true;
    next(GATHER_MS);
  });

  function next(ms: number): void {
    clearTimeout(timer);
    timer = listeners.size === 0 ? undefined : setTimeout(tick, ms).unref();
  }

  /** Parts that differ from what was told last. */
  function changed(): Partial<ReturnType<typeof wholeParts>> {
    const before = told;
    told = new Map();
    const parts = Object.entries(wholeParts(options)).filter(([name, part]) => {
      const text = JSON.stringify(part);
      told.set(name, text);
      return before.get(name) !== text;
    });
    return Object.fromEntries(parts);
  }

  function update(): LiveUpdate {
    const since = toldAt - (toldAt % MINUTE_MS);
    const news = incidents.after(toldIncidents);
    const rows = fresh;
    toldAt = clock.now();
    toldIncidents = incidents.count();
    fresh = [];
    return {
      time: new Date(toldAt).toISOString(),
      ...changed(),
      ...(news.length > 0 ? { incidents: incidentViews(news) } : {}),
      ...(rows.length > 0
        ? {
            minutes: minuteViews(options.hour.minutes().filter(({ at }) => at >= since)),
            days: dayViews(options.usage(), 1),
            recent: rowViews(rows),
          }
        : {}),
    };
  }

  function snapshot(): LiveReport {
    const state = options.usage();
    return {
      time: new Date(clock.now()).toISOString(),
      ...wholeParts(options),
      minutes: minuteViews(options.hour.minutes()),
      days: dayViews(state),
      incidents: incidentViews(incidents.all()),
      recent: rowViews(state.recent),
    };
  }

  /** Brings everybody up to date. */
  function tell(): void {
    const news = eventOf('update', update());
    let everything: string | undefined;
    for (const [listener, place] of listeners) {
      if (listener.isBusy()) {
        place.stuckSince ??= clock.elapsed();
        if (clock.elapsed() - place.stuckSince > STUCK_MS) listener.drop();
        continue;
      }
      if (place.stuckSince !== undefined) everything ??= eventOf('snapshot', snapshot());
      listener.write(place.stuckSince === undefined ? news : (everything ?? news));
      place.stuckSince = undefined;
    }
  }

  function tick(): void {
    isHurried = false;
    if (options.keyExpiresAt() <= clock.now()) {
      dismiss('key_turned');
      return;
    }
    tell();
    next(QUIET_MS);
  }

  function dismiss(reason: LiveEnd): void {
    const last = eventOf('end', { reason });
    for (const listener of listeners.keys()) listener.end(last);
    listeners.clear();
    next(0);
    isOver ||= reason === 'shutting_down';
  }

  return {
    join: (listener) => {
      if (isOver) throw shuttingDown();
      if (listeners.size >= MOST_LISTENERS) {
        throw new ApiError(
          'too_many_listeners',
          'Too many people look at the live figures. Close a dashboard somewhere, or read GET /api/usage.',
          { retryAfterMs: QUIET_MS },
        );
      }
      // What the others are told next must not be in the newcomer's snapshot already.
      if (listeners.size > 0) tell();
      else update();
      listeners.set(listener, { stuckSince: undefined });
      listener.write(eventOf('snapshot', snapshot()));
      isHurried = false;
      next(QUIET_MS);
      return () => {
        listeners.delete(listener);
        if (listeners.size === 0) next(0);
      };
    },
    dismiss,
  };
}

function eventOf(name: string, data: object): string {
  return `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
}
