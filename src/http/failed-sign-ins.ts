import type { CallerName } from './caller-name.ts';

/** What a wrong secret was meant for. */
export type SignIn = 'client_key' | 'admin_secret' | 'metrics_token';

/** Wrong keys and secrets since the start, for the admin. */
export type FailedSignIns = {
  /** @param address the caller's, which is not kept */
  add(what: SignIn, address: string): void;
  view(): {
    /** Epoch milliseconds. */
    readonly since: number;
    readonly total: Readonly<Record<SignIn, number>>;
    /** The latest first. */
    readonly callers: readonly {
      /** As the log names callers. */
      readonly caller: string;
      readonly what: SignIn;
      readonly count: number;
      readonly lastAt: number;
    }[];
  };
};

type Options = { readonly now: () => number; readonly nameOf: CallerName };

/** Callers that are remembered. */
const MOST = 100;

/** Counts in bounded memory: whoever failed longest ago is forgotten first. */
export function failedSignIns({ now, nameOf }: Options): FailedSignIns {
  const since = now();
  const total = { client_key: 0, admin_secret: 0, metrics_token: 0 };
  const callers = new Map<
    string,
    { caller: string; what: SignIn; count: number; lastAt: number }
  >();
  return {
    add: (what, address) => {
      total[what] += 1;
      const caller = nameOf(address);
      const line = `${caller} ${what}`;
      const count = (callers.get(line)?.count ?? 0) + 1;
      callers.delete(line);
      callers.set(line, { caller, what, count, lastAt: now() });
      const [oldest] = callers.keys();
      if (callers.size > MOST && oldest !== undefined) callers.delete(oldest);
    },
    view: () => ({ since, total: { ...total }, callers: [...callers.values()].reverse() }),
  };
}
