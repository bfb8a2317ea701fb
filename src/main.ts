import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import manifest from '../package.json' with { type: 'json' };
import { openAccounts } from './accounts.ts';
import { readSettings } from './config/settings.ts';
import { systemClock as clock } from './core/clock.ts';
import { createApp } from './http/app.ts';
import { healthReport, readinessOf } from './http/health-report.ts';
import { listen } from './http/listen.ts';
import { adminCheck, adminSecret } from './keys/admin-secret.ts';
import { parseKeyState } from './keys/key-state.ts';
import { watchKey } from './keys/key-watch.ts';
import { openKeyRing } from './keys/open-key-ring.ts';
import { answersFrom, banner } from './ops/banner.ts';
import { createLog } from './ops/log.ts';
import { openMetrics } from './ops/metrics.ts';
import { shutdownOnSignals } from './ops/shutdown.ts';
import { explainAndExit, readDotEnv } from './ops/start-up.ts';
import { openRoad } from './providers/road.ts';
import { openDataDirectory } from './store/data-directory.ts';
import { keyTurns, turnNotices } from './turn-notices.ts';

/** The folder above dist/, which holds models/ as well. */
const home = dirname(dirname(fileURLToPath(import.meta.url)));

/** The whole server, from its settings to its last word. Parts meet here and nowhere else. */
async function main(): Promise<void> {
  readDotEnv();
  const settings = readSettings(process.env);
  const log = await createLog({
    level: settings.logLevel,
    asJson: settings.production || !process.stdout.isTTY,
  });
  const onStoreError = (err: unknown) =>
    log.error({ err }, 'the store fails: the key lives in memory');

  const data = await openDataDirectory({
    directory: settings.dataDir,
    parse: parseKeyState,
    now: clock.now,
    onSetAside: (movedTo) =>
      log.error(
        { movedTo },
        'a file in DATA_DIR was torn or foreign: set aside, a new one is made',
      ),
    onUnwritable: (err) => log.error({ err }, 'DATA_DIR is not writable: the key lives in memory'),
  });
  const admin = await adminSecret({
    configured: settings.keys.adminSecret,
    store: data.keys,
    onStoreError,
    onShort: () => log.warn({}, 'ADMIN_SECRET is short: use at least 16 random characters'),
  });
  const turns = keyTurns();
  const ring = await openKeyRing({
    ...settings.keys,
    store: data.keys,
    clock,
    onStoreError,
    onTurned: (keyId, reason) => {
      log.info({ keyId, reason }, 'a new client key is valid');
      if (reason !== 'first') turns.emit();
    },
  });
  const notices = turnNotices({
    settings: settings.webhook,
    adminSecret: admin.secret,
    ring,
    turns,
    clock,
    log,
  });
  const stopWatching = watchKey({ ring, cron: settings.keys.cron, onError: onStoreError });

  const accounts = await openAccounts({ settings, data, clock, log });
  const { version } = manifest;
  const metrics = openMetrics({ version });
  const road = openRoad({
    ...settings,
    limiterOf: accounts.limits.limiterOf,
    onAttempt: (record) => {
      accounts.ledger.attempt(record);
      metrics.attempt(record, accounts.dollarsOf(record));
    },
    onAttemptFailed: metrics.attemptFailed,
    onRescue: metrics.rescue,
    home,
    clock,
    log,
  });
  metrics.watch({
    now: clock.now,
    key: ring.state,
    breakers: () => road.breakers?.() ?? [],
    limits: accounts.limits.view,
    concurrency: road.concurrency,
    local: road.local.state,
    isKnownModel: road.knows,
  });
  turns.on(road.forgetAnswers);
  const health = {
    version,
    clock,
    ring,
    isDurable: data.isDurable,
    webhook: notices.state,
    ...road,
  };
  const app = createApp({
    ...settings.http,
    ...road,
    log,
    ring,
    isAdmin: adminCheck(admin.secret),
    metrics,
    ledger: accounts.ledger,
    reports: accounts.reports(road),
    callerRpm: settings.limits.callerRpm,
    mayReadMetrics: settings.metricsToken ? adminCheck(settings.metricsToken) : undefined,
    health: () => healthReport(health),
    readiness: () => readinessOf(road),
  });

  const { server, port } = await listen(app, settings);
  shutdownOnSignals({
    server,
    graceMs: settings.shutdownGraceMs,
    closers: [stopWatching, notices.close, road.close, accounts.close, data.release],
    log,
  });
  const answers = answersFrom(settings, road.local.servedBy);
  log.info({ port, answersFrom: answers, keyId: ring.state().keyId }, 'listening');
  if (!settings.production) {
    process.stdout.write(
      banner({
        version,
        port,
        answersFrom: answers,
        newAdminSecret: admin.madeNow ? admin.secret : undefined,
      }),
    );
  }
}

await main().catch(explainAndExit);
