import type { Clock } from '../core/clock.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import type { Readiness } from './routes/health.ts';

type Breaker = { readonly model: string; readonly state: string };

type Options = {
  readonly version: string;
  readonly clock: Clock;
  readonly ring: KeyRing;
  /** False where nothing can be written: everything then ends with the process. */
  readonly isDurable: boolean;
  /** Breakers of the cloud's models; absent without a Groq key. */
  readonly breakers?: (() => readonly Breaker[]) | undefined;
  readonly local: { state(): object; available(): boolean };
  /** How the webhook's delivery goes; absent without one. */
  readonly webhook?: (() => object) | undefined;
};

/** What `GET /health` says: life, key age (never the key), breakers, local model. */
export function healthReport({
  version,
  clock,
  ring,
  isDurable,
  breakers,
  local,
  webhook,
}: Options): object {
  const { mode, keyId, createdAt, expiresAt, storeError } = ring.state();
  return {
    status: 'ok',
    version,
    uptime_seconds: Math.floor(process.uptime()),
    key: {
      mode,
      key_id: keyId,
      created: new Date(createdAt).toISOString(),
      expiry: new Date(expiresAt).toISOString(),
      age_seconds: Math.max(0, Math.floor((clock.now() - createdAt) / 1000)),
    },
    store: storeError
      ? { status: 'failing', error: storeError }
      : { status: isDurable ? 'ok' : 'memory only' },
    groq: breakers ? { configured: true, breakers: breakers() } : { configured: false },
    local: local.state(),
    ...(webhook ? { webhook: webhook() } : {}),
  };
}

type Cloud = Pick<Options, 'breakers' | 'local'> & {
  /** False for a name that a caller invented. */
  readonly knows: (model: string) => boolean;
};

/** What `GET /ready` says. A cloud whose breakers have all opened can't answer. */
export function readinessOf({ breakers, knows, local }: Cloud): Readiness {
  const states = breakers?.().filter(({ model }) => knows(model));
  const isCloudUp =
    states && (states.length === 0 || states.some(({ state }) => state === 'closed'));
  if (isCloudUp) return { isReady: true, by: 'groq' };
  if (local.available()) return { isReady: true, by: 'local' };
  const cloud = states
    ? 'Groq is failing (its circuit breakers are open)'
    : 'no GROQ_API_KEY is set';
  return { isReady: false, reason: `${cloud}, and the local model can't answer` };
}
