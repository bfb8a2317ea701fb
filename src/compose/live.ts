import type { Clock } from '../core/clock.ts';
import { type LiveFeed, liveFeed } from '../http/live-feed.ts';
import type { LiveSources } from '../http/reports/live-report.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { BreakerChange } from '../providers/groq/cloud.ts';
import { openIncidents } from '../usage/incidents.ts';
import { lastHour } from '../usage/last-hour.ts';
import type { Ledger } from '../usage/ledger.ts';

type Options = {
  readonly ledger: Pick<Ledger, 'state' | 'onRow'>;
  readonly ring: Pick<KeyRing, 'state'>;
  readonly clock: Clock;
};

/** What the server remembers of its last hour, for whoever looks on. */
export type Live = {
  breakerChanged(change: BreakerChange): void;
  /** @returns a feed of it, together with what others know; it ends when the key turns. */
  feed(sources: Sources): LiveFeed;
};

type Sources = Pick<LiveSources, 'health' | 'readiness' | 'rateLimits'> & {
  readonly onTurn: (listener: () => void) => void;
};

/** Begins with what the ledger kept. */
export function openLive({ ledger, ring, clock }: Options): Live {
  const { recent } = ledger.state();
  const hour = lastHour(clock.now, recent);
  const incidents = openIncidents(clock.now, recent);
  ledger.onRow(hour.add);
  ledger.onRow(incidents.addRow);
  return {
    breakerChanged: ({ model, state, reason }) => {
      const kind = state === 'open' ? 'breaker_open' : 'breaker_closed';
      incidents.add({ kind, model, served_by: null, detail: reason ?? '' });
    },
    feed: (sources) => {
      const feed = liveFeed({
        ...sources,
        ...{ clock, incidents, hour },
        usage: ledger.state,
        onRow: ledger.onRow,
        keyExpiresAt: () => ring.state().expiresAt,
      });
      sources.onTurn(() => {
        incidents.add({ kind: 'key_turned', model: null, served_by: null, detail: '' });
        feed.dismiss('key_turned');
      });
      return feed;
    },
  };
}
