import { createHmac, randomUUID } from 'node:crypto';
import type { Clock } from '../core/clock.ts';

/** What a webhook is told. */
export type WebhookEvent = {
  readonly type: 'key.turned' | 'key.expiring';
  readonly keyId: string;
  readonly createdAt: number;
  readonly expiresAt: number;
  /** The key itself, where the operator wants it and the way there is encrypted. */
  readonly key?: string | undefined;
};

/** How delivery goes, for `/health`. */
export type WebhookState = {
  /** Host only: the rest of the address may hold a secret. */
  readonly host: string;
  readonly status: 'idle' | 'delivered' | 'retrying' | 'failed';
  readonly last_event: string | null;
  readonly last_delivery: string | null;
  readonly attempts: number;
  readonly error: string | null;
};

export type Webhook = {
  /** Sends an event, in the order of calls; never throws. */
  send(event: WebhookEvent): void;
  state(): WebhookState;
  /** Gives up what is still being tried. */
  close(): Promise<void>;
};

type Options = {
  readonly url: string;
  readonly secret: string;
  readonly clock: Clock;
  readonly onFailed: (error: unknown) => void;
  readonly onDelivered?: (event: WebhookEvent) => void;
  readonly attempts?: number;
  readonly baseMs?: number;
  readonly timeoutMs?: number;
};

/** Events that may wait while an earlier one is still being tried: the newest, since they count. */
const MAX_WAITING = 10;

/**
 * Tells another server of the key's turns: a POST of JSON, signed in `x-keyturn-signature` as
 * `sha256=` and the HMAC of `<x-keyturn-timestamp>.<body>`. Tried again with growing pauses; an
 * event's `id` stays the same, so that a receiver can drop repeats.
 */
export function webhook(options: Options): Webhook {
  const { url, clock, onFailed, onDelivered, attempts = 6, baseMs = 1_000 } = options;
  const closing = new AbortController();
  const line: WebhookEvent[] = [];
  let isWorking = false;
  let working: Promise<void> = Promise.resolve();
  let state: WebhookState = {
    host: new URL(url).host,
    status: 'idle',
    last_event: null,
    last_delivery: null,
    attempts: 0,
    error: null,
  };

  async function deliver(event: WebhookEvent): Promise<void> {
    const body = bodyOf(event, clock);
    for (let attempt = 1; ; attempt++) {
      state = { ...state, last_event: event.type, attempts: attempt };
      try {
        await post(body, options, closing.signal);
        const at = new Date(clock.now()).toISOString();
        state = { ...state, status: 'delivered', last_delivery: at, error: null };
        onDelivered?.(event);
        return;
      } catch (error) {
        if (closing.signal.aborted) return;
        const isLast = attempt >= attempts;
        state = { ...state, status: isLast ? 'failed' : 'retrying', error: reasonOf(error) };
        if (isLast) return onFailed(error);
        await clock.sleep(baseMs * 4 ** (attempt - 1), closing.signal);
      }
    }
  }

  async function work(): Promise<void> {
    isWorking = true;
    for (let event = line.shift(); event && !closing.signal.aborted; event = line.shift()) {
      try {
        await deliver(event);
      } catch (error) {
        if (!closing.signal.aborted) onFailed(error);
      }
    }
    isWorking = false;
  }

  return {
    send: (event) => {
      if (line.length >= MAX_WAITING) {
        line.shift();
        onFailed(new Error('too many events wait: the oldest is left out'));
      }
      line.push(event);
      if (!isWorking) working = work();
    },
    state: () => state,
    close: async () => {
      closing.abort(new Error('the server shuts down'));
      await working;
    },
  };
}

function bodyOf(event: WebhookEvent, clock: Clock): string {
  return JSON.stringify({
    id: event.type === 'key.expiring' ? `expiring-${event.keyId}` : `turned-${event.keyId}`,
    delivery: randomUUID(),
    type: event.type,
    time: new Date(clock.now()).toISOString(),
    key_id: event.keyId,
    created: new Date(event.createdAt).toISOString(),
    expiry: new Date(event.expiresAt).toISOString(),
    ...(event.key === undefined ? {} : { api_key: event.key }),
  });
}

async function post(
  body: string,
  { url, secret, clock, timeoutMs = 10_000 }: Options,
  signal: AbortSignal,
): Promise<void> {
  const timestamp = String(Math.floor(clock.now() / 1000));
  const signature = createHmac('sha256', secret).update(`${timestamp}.${body}`).digest('hex');
  const answer = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'user-agent': 'keyturn',
      'x-keyturn-timestamp': timestamp,
      'x-keyturn-signature': `sha256=${signature}`,
    },
    body,
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeoutMs)]),
    redirect: 'manual',
  });
  await answer.body?.cancel();
  if (!answer.ok) throw new Error(`the webhook answered ${answer.status}`);
}

/** Without the address, which may hold a secret. fetch hides the reason in a cause. */
function reasonOf(error: unknown): string {
  const { code, name, message, cause } = error as NodeJS.ErrnoException;
  if (message.startsWith('the webhook')) return message;
  const { code: inner } = (cause ?? {}) as NodeJS.ErrnoException;
  return inner ?? (typeof code === 'string' ? code : name);
}
