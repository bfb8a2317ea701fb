import { AttemptError } from '../core/attempt.ts';
import type { Clock } from '../core/clock.ts';
import type { Provider } from '../core/provider.ts';

/** One upstream key with its own breakers and limits. */
export type PooledKey = {
  readonly provider: Provider;
  /** Share of the model's quota that the key has left, 0 to 1; 1 when nothing is known yet. */
  readonly quotaLeft: (model: string) => number;
  /** How the key may be named in a log: its last four characters at most. */
  readonly label: string;
};

type Options = {
  readonly clock: Clock;
  /** Told when the provider refuses a key. */
  readonly onDeadKey: (label: string) => void;
  /** A refused key is tried again after this long: the operator may have mended it. */
  readonly deadMs?: number;
};

/**
 * Several keys of one provider: the one with most quota left is asked first. A key that is refused,
 * used up, or whose breaker is open hands over to the next at once.
 */
export function keyPool(keys: readonly PooledKey[], options: Options): Provider {
  const { clock, onDeadKey, deadMs = 60_000 } = options;
  const deadUntil = new Map<PooledKey, number>();

  const isDead = (key: PooledKey) => (deadUntil.get(key) ?? 0) > clock.elapsed();

  /** Once for as long as it is set aside, also where it is the only one and asked all the same. */
  function setAside(key: PooledKey): void {
    if (isDead(key)) return;
    deadUntil.set(key, clock.elapsed() + deadMs);
    onDeadKey(key.label);
  }

  /** Keys that work, most quota first; then those that were refused lately. */
  function inOrder(model: string): readonly PooledKey[] {
    return keys
      .map((key) => ({ key, rank: isDead(key) ? -1 : key.quotaLeft(model) }))
      .filter(({ rank }) => rank >= 0)
      .sort((one, other) => other.rank - one.rank)
      .map(({ key }) => key);
  }

  const [only] = keys;
  if (only && keys.length === 1) {
    return {
      chat: (request, signal) =>
        only.provider.chat(request, signal).catch((error) => {
          if (error instanceof AttemptError && error.attemptCause === 'auth') setAside(only);
          throw error;
        }),
    };
  }

  return {
    chat: async (request, signal) => {
      let failure: AttemptError | undefined;
      const order = inOrder(request.params.model ?? '');
      for (const key of order.length > 0 ? order : keys) {
        try {
          return await key.provider.chat(request, signal);
        } catch (error) {
          if (!(error instanceof AttemptError)) throw error;
          failure = sooner(failure, error);
          if (error.attemptCause === 'auth') setAside(key);
          if (!isThisKeysOnly(error)) throw error;
        }
      }
      throw failure ?? new Error('a key pool needs a key');
    },
  };
}

/** Of two failures, the one whose key may be asked again first. */
function sooner(one: AttemptError | undefined, other: AttemptError): AttemptError {
  const { retryAfterMs = Number.POSITIVE_INFINITY } = other;
  return one?.retryAfterMs !== undefined && one.retryAfterMs < retryAfterMs ? one : other;
}

/** Whether another key of the same provider may fare better. */
function isThisKeysOnly({ attemptCause }: AttemptError): boolean {
  return ['auth', '429', 'limit', 'breaker_open'].includes(attemptCause);
}
