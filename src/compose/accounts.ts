import type { Settings } from '../config/settings.ts';
import { looksLikeName } from '../core/shown-name.ts';
import type { AttemptRecord } from '../core/tally.ts';
import { modelsReport } from '../http/reports/models-report.ts';
import { rateLimitsReport } from '../http/reports/rate-limits-report.ts';
import type { Reports } from '../http/routes/reports.ts';
import { knownLimits } from '../limits/known-limits.ts';
import { type LimitBook, type ModelView, openLimitBook } from '../limits/limit-book.ts';
import { parseLimitsState } from '../limits/limits-state.ts';
import type { Log } from '../ops/log.ts';
import type { Road } from '../providers/road.ts';
import type { DataDirectory } from '../store/data-directory.ts';
import { type Ledger, type LedgerOptions, openLedger } from '../usage/ledger.ts';
import { costOf, modelOf, NANOS, priceList } from '../usage/prices.ts';
import { parseUsageState } from '../usage/usage-state.ts';

type Options = Pick<LedgerOptions, 'clock' | 'knows'> & {
  readonly settings: Settings;
  readonly data: Pick<DataDirectory<unknown>, 'open' | 'isDurable'>;
  readonly log: Log;
};

/** What is counted: the provider's limits before a call, the ledger after it. */
export type Accounts = {
  readonly limits: LimitBook;
  readonly ledger: Ledger;
  /** What a call of a provider cost, in US dollars. */
  dollarsOf(call: Pick<AttemptRecord, 'provider' | 'usage'>): number;
  /** What people and programs may read of it. */
  reports(road: Road): Reports;
  /** Keeps everything as it stands. */
  close(): Promise<void>;
};

/** Opens limits and ledger where an earlier process left them. */
export async function openAccounts({
  settings,
  data,
  clock,
  log,
  knows,
}: Options): Promise<Accounts> {
  const priceOf = priceList(settings.usage.prices);
  const limitsOf = knownLimits(settings.limits.groq, settings.groq.baseUrl);
  const limits = await openLimitBook({
    clock,
    store: data.isDurable ? await data.open('limits.json', parseLimitsState) : undefined,
    limitsOf,
    defaultMaxTokens: settings.groq.maxTokens,
    onStoreError: (err) => log.error({ err }, 'limits.json fails: the limits live in memory'),
  });
  const ledger = await openLedger({
    store: await data.open('usage.json', parseUsageState),
    clock,
    priceOf,
    knows,
    onStoreError: (err) => log.error({ err }, 'usage.json fails: the ledger lives in memory'),
  });
  const isShowable = ({ model }: ModelView) => knows(model) || looksLikeName(model);
  return {
    limits,
    ledger,
    dollarsOf: ({ provider, usage }) =>
      usage ? costOf(usage, priceOf(modelOf(provider))) / NANOS : 0,
    reports: (road) => ({
      usage: ledger.state,
      rateLimits: () => rateLimitsReport(limits.view().filter(isShowable), road.concurrency()),
      models: async () =>
        modelsReport({
          models: await road.models(),
          windows: limits.view(),
          limitsOf,
          priceOf,
          breakers: road.breakers?.() ?? [],
          local: road.local,
        }),
    }),
    close: async () => {
      await limits.close();
      await ledger.close();
    },
  };
}
