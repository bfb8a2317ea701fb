import type { Settings } from '../config/settings.ts';
import type { Clock } from '../core/clock.ts';
import { type AdminSecret, adminSecret } from '../keys/admin-secret.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { KeyState } from '../keys/key-state.ts';
import { watchKey } from '../keys/key-watch.ts';
import { openKeyRing } from '../keys/open-key-ring.ts';
import type { Log } from '../ops/log.ts';
import type { DocumentStore } from '../store/document.ts';
import { keyTurns, type TurnNotices, turnNotices } from './turn-notices.ts';

type Options = {
  readonly settings: Settings;
  readonly store: DocumentStore<KeyState>;
  readonly clock: Clock;
  readonly log: Log;
};

/** The key of the week and the admin secret, with everything that happens around them. */
export type Keyholder = {
  readonly ring: KeyRing;
  readonly admin: AdminSecret;
  /** Notices of the turn that a webhook gets. */
  readonly notices: TurnNotices;
  /** Calls back whenever the key has turned. */
  onTurn(listener: () => void): void;
  close(): Promise<void>;
};

/** Opens the ring and keeps looking at it. */
export async function openKeyholder({ settings, store, clock, log }: Options): Promise<Keyholder> {
  const onStoreError = (err: unknown) =>
    log.error({ err }, 'the store fails: the key lives in memory');
  const admin = await adminSecret({
    configured: settings.keys.adminSecret,
    store,
    onStoreError,
    onShort: () => log.warn({}, 'ADMIN_SECRET is short: use at least 16 random characters'),
  });
  const turns = keyTurns();
  const ring = await openKeyRing({
    ...settings.keys,
    store,
    clock,
    onStoreError,
    onTurned: (keyId, reason) => {
      log.info({ keyId, reason }, 'a new client key is valid');
      if (reason !== 'first') turns.emit();
    },
  });
  const notices = await turnNotices({
    settings: settings.webhook,
    adminSecret: admin.secret,
    ring,
    turns,
    store,
    clock,
    log,
  });
  const stopWatching = watchKey({ ring, cron: settings.keys.cron, onError: onStoreError });
  return {
    ring,
    admin,
    notices,
    onTurn: turns.on,
    close: async () => {
      stopWatching();
      await notices.close();
      // The last chance for a key that could not be kept: after a restart its predecessor would be valid.
      if (ring.state().storeError !== undefined) await ring.look().catch(onStoreError);
    },
  };
}
