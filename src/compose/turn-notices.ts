import type { Clock } from '../core/clock.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { emptyKeyState, type KeyState } from '../keys/key-state.ts';
import type { Log } from '../ops/log.ts';
import { type Webhook, type WebhookEvent, webhook } from '../ops/webhook.ts';
import type { DocumentStore } from '../store/document.ts';

type Options = {
  readonly settings: {
    readonly url?: string | undefined;
    readonly secret?: string | undefined;
    readonly includeKey: boolean;
  };
  /** Signs where no secret of its own is set. */
  readonly adminSecret: string;
  readonly ring: Pick<KeyRing, 'state' | 'current'>;
  readonly turns: KeyTurns;
  /** Remembers what was delivered. */
  readonly store: DocumentStore<KeyState>;
  readonly clock: Clock;
  readonly log: Log;
};

/** Tells the webhook of the key's turns, and a day before each. */
export type TurnNotices = {
  /** Absent without a webhook. */
  readonly state?: Webhook['state'] | undefined;
  close(): Promise<void>;
};

/** Turns of the key, for whoever has something to do then. */
export type KeyTurns = {
  on(listener: () => void): void;
  emit(): void;
};

/** A turn before anybody listens (at boot) is told to the first who does. */
export function keyTurns(): KeyTurns {
  const listeners: (() => void)[] = [];
  let isMissed = false;
  return {
    on: (listener) => {
      listeners.push(listener);
      if (isMissed) listener();
      isMissed = false;
    },
    emit: () => {
      isMissed = listeners.length === 0;
      for (const listener of listeners) listener();
    },
  };
}

const DAY_MS = 24 * 60 * 60 * 1000;

/** The clock is looked at this often. */
const LOOK_MS = 60_000;

/**
 * Opens the webhook, if there is one. A key that turned while no server ran, or whose notice never
 * arrived, is told at the next start. Where nothing outlives a start, a derived key is told at each: the
 * event's `id` stays the same.
 */
export async function turnNotices(options: Options): Promise<TurnNotices> {
  const { settings, adminSecret, ring, turns, store, clock, log } = options;
  const { url, secret, includeKey } = settings;
  if (!url) return { close: async () => undefined };
  const hook = webhook({
    url,
    secret: secret ?? adminSecret,
    clock,
    onFailed: (err) => log.error({ err }, 'the rotation webhook was not delivered'),
    onDelivered: (event) => void remember(event),
  });
  const mayHoldKey = includeKey && url.startsWith('https:');
  if (includeKey && !mayHoldKey) {
    log.warn({}, 'ROTATION_WEBHOOK_INCLUDE_KEY needs an https address: the key is left out');
  }
  const told = (await store.read().catch(() => undefined))?.told;
  /** The keys whose turn and end are told, or on their way. */
  let announced = told?.expiring;
  let turned = told?.turned;

  async function remember({ type, keyId }: Pick<WebhookEvent, 'type' | 'keyId'>): Promise<void> {
    const news = type === 'key.turned' ? { turned: keyId } : { expiring: keyId };
    await store
      .update((current = emptyKeyState) => ({ ...current, told: { ...current.told, ...news } }))
      .catch((err) => log.warn({ err }, 'a delivered notice could not be noted'));
  }

  /** A stored key tells by itself when it turns; of a derived one nobody knows when it was last seen. */
  async function catchUp(): Promise<void> {
    const { keyId, mode } = ring.state();
    if (turned === undefined && mode === 'stored') await remember({ type: 'key.turned', keyId });
    else if (turned !== keyId) await tellTurned();
  }

  function look(): void {
    const { keyId, createdAt, expiresAt } = ring.state();
    const isShortLived = expiresAt - createdAt <= DAY_MS;
    if (isShortLived || announced === keyId || expiresAt - clock.now() > DAY_MS) return;
    announced = keyId;
    hook.send({ type: 'key.expiring', keyId, createdAt, expiresAt });
  }

  async function tellTurned(): Promise<void> {
    const { key, keyId, createdAt, expiresAt } = await ring.current();
    if (keyId === turned) return;
    turned = keyId;
    const event = { type: 'key.turned', keyId, createdAt, expiresAt } as const;
    hook.send(mayHoldKey ? { ...event, key } : event);
  }

  turns.on(() => {
    // Not before the ring is done with the turn.
    setImmediate(() => void tellTurned().catch((err) => log.error({ err }, 'a turn was not told')));
  });
  const timer = setInterval(look, LOOK_MS).unref();
  await catchUp();
  look();
  return {
    state: hook.state,
    close: async () => {
      clearInterval(timer);
      await hook.close();
    },
  };
}
