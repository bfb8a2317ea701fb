import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { openAccounts } from './compose/accounts.ts';
import { openData } from './compose/data.ts';
import { openKeyholder } from './compose/keyholder.ts';
import { openLive } from './compose/live.ts';
import { readSettings } from './config/settings.ts';
import { afterwards, endOfTurn } from './core/afterwards.ts';
import { systemClock as clock } from './core/clock.ts';
import { shuttingDown } from './core/errors.ts';
import { createApp } from './http/app.ts';
import { healthReport, readinessOf } from './http/health-report.ts';
import { listen } from './http/listen.ts';
import { openAnswers } from './http/open-answers.ts';
import { adminCheck } from './keys/admin-secret.ts';
import { answersFrom, greet } from './ops/banner.ts';
import { createLog } from './ops/log.ts';
import { openMetrics } from './ops/metrics.ts';
import { shutdownOnSignals } from './ops/shutdown.ts';
import { explainAndExit, readDotEnv } from './ops/start-up.ts';
import { openRoad } from './providers/road.ts';

/** The folder above dist/, which holds models/ as well. */
const home = dirname(dirname(fileURLToPath(import.meta.url)));
const { version } = manifest;

/** The whole server, from its settings to its last word. Parts meet here and nowhere else. */
async function main(): Promise<void> {
  readDotEnv();
  const settings = readSettings(process.env);
  const log = await createLog(settings);
  const data = await openData({ settings, clock, log });
  const { ring, admin, notices, ...keys } = await openKeyholder({
    ...{ settings, clock, log },
    store: data.keys,
  });
  const knows = (model: string) => road.knows(model);
  const accounts = await openAccounts({ settings, data, clock, log, knows });
  const metrics = openMetrics({ version });
  const traces =
    settings.traces &&
    (await import('./ops/traces.ts')).openTraces({ ...settings.traces, version, log });

  const live = openLive({ ledger: accounts.ledger, ring, clock });

  const road = await openRoad({
    ...settings,
    limiterOf: accounts.limits.limiterOf,
    onAttempt: afterwards((records) => {
      try {
        for (const record of records) {
          accounts.ledger.attempt(record);
          metrics.attempt(record, accounts.dollarsOf(record));
        }
      } catch (error) {
        // A figure that is missing is no reason to end.
        log.error({ err: error }, 'attempts could not be counted');
      }
    }),
    onAttemptFailed: metrics.attemptFailed,
    onMalformed: metrics.malformed,
    onRescue: metrics.rescue,
    onBreaker: live.breakerChanged,
    isTraced: traces !== undefined,
    ...{ home, clock, log },
  });
  keys.onTurn(road.forgetAnswers);
  metrics.watch({
    now: clock.now,
    key: ring.state,
    breakers: () => road.breakers?.() ?? [],
    limits: accounts.limits.view,
    concurrency: road.concurrency,
    local: road.local.state,
    isKnownModel: road.knows,
  });

  const { isDurable } = data;
  const health = { version, clock, ring, isDurable, webhook: notices.state, ...road };
  const reports = accounts.reports(road);
  const feed = live.feed({
    health: () => healthReport(health),
    readiness: () => readinessOf(road),
    rateLimits: reports.rateLimits,
    onTurn: keys.onTurn,
  });
  const answers = openAnswers();
  const app = createApp({
    ...settings.http,
    ...road,
    ...{ version, log, ring, metrics, ledger: accounts.ledger, tracer: traces?.tracer },
    isAdmin: adminCheck(admin.secret),
    mayReadMetrics: settings.metricsToken ? adminCheck(settings.metricsToken) : undefined,
    callerRpm: settings.limits.callerRpm,
    ...{ answers, reports, feed },
    admin: {
      version,
      webhook: notices.state,
      examine: async () => (await import('./doctor/examine.ts')).surroundings(settings, home),
    },
    pages: join(home, 'dist', 'ui'),
    health: () => healthReport(health),
    readiness: () => readinessOf(road),
  });

  const { server, port } = await listen(app, settings);
  shutdownOnSignals({
    server,
    graceMs: settings.shutdownGraceMs,
    onEnding: () => feed.dismiss('shutting_down'),
    onLate: () => answers.endAll(shuttingDown()),
    closers: [
      keys.close,
      road.close,
      endOfTurn,
      accounts.close,
      ...(traces ? [traces.close] : []),
      data.release,
    ],
    log,
  });
  const answering = answersFrom(settings, road.local.servedBy);
  log.info({ port, answersFrom: answering, keyId: ring.state().keyId }, 'listening');
  if (!settings.production) greet({ version, port, answersFrom: answering, admin });
}

await main().catch(explainAndExit);
