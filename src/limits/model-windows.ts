import type { RefusedBy } from '../core/attempt.ts';
import { Drain } from './drain.ts';
import { DAY_MS, type Limits, MINUTE_MS, WINDOW_NAMES, type WindowName } from './limits.ts';
import { readCount } from './provider-headers.ts';
import { SlidingWindow } from './sliding-window.ts';

/** Where a limit is from; the operator's own is never raised, and `off` learns none. */
export type LimitSource = 'set' | 'table' | 'provider' | 'off';

/** One window of one model and key: our count, and the provider's as far as it tells. */
export type ModelWindow = {
  readonly name: WindowName;
  readonly own: SlidingWindow;
  readonly theirs: Drain;
  limit: number | undefined;
  source: LimitSource;
};

/** One call in the windows. */
export type Reservation = {
  readonly tokens: number;
  /** When it counts from: when its answer came, at the latest `LEAD_MS` after it was sent. */
  at: number;
  /** What had been reserved up to and with this call: tells which calls came after it. */
  readonly requestsUpTo: number;
  readonly tokensUpTo: number;
  /** Whether the provider's count holds our whole reservation, to be settled there as well. */
  isInTheirs: boolean;
  isOver: boolean;
};

/** A window that leaves no room, and how long it will. */
export type Blocked = {
  readonly window: ModelWindow;
  readonly limit: number;
  readonly waitMs: number;
};

/**
 * The provider counts a call somewhere between our sending it and its answer. It is held to be the
 * later of both, but a slow answer doesn't hold its place in the window for longer than this.
 */
const LEAD_MS = 5_000;

const RESOLUTION = { minute: 120, day: 288 };

/** The four windows of one model and key. Times are the clock's elapsed milliseconds. */
export class ModelWindows {
  readonly all: readonly ModelWindow[];
  /** Everything that was ever reserved here. */
  requestsReserved = 0;
  tokensReserved = 0;

  constructor(limits: Limits, source: LimitSource) {
    this.all = WINDOW_NAMES.map((name) => {
      const isMinute = name === 'rpm' || name === 'tpm';
      const lengthMs = isMinute ? MINUTE_MS : DAY_MS;
      const slots = isMinute ? RESOLUTION.minute : RESOLUTION.day;
      const own = new SlidingWindow({ lengthMs, slots, leadMs: LEAD_MS });
      return { name, own, theirs: new Drain(lengthMs), limit: limits[name], source };
    });
  }

  get(name: WindowName): ModelWindow {
    const found = this.all.find((window) => window.name === name);
    if (!found) throw new Error(`no window ${name}`);
    return found;
  }

  /** Room for tokens now, in the tightest window; infinite where no limit is known. */
  room(now: number): number {
    return Math.min(
      ...this.all.map((window) => (isOfTokens(window) ? left(window, now) : Infinity)),
    );
  }

  /** The window that would be overdrawn for the longest time, if any would. */
  blocked(tokens: number, now: number): Blocked | undefined {
    let longest: Blocked | undefined;
    for (const window of this.all) {
      if (window.limit === undefined) continue;
      const waitMs = waitFor(window, window.limit, isOfTokens(window) ? tokens : 1, now);
      if (waitMs > (longest?.waitMs ?? 0)) longest = { window, limit: window.limit, waitMs };
    }
    return longest;
  }

  reserve(tokens: number, now: number): Reservation {
    const at = now + LEAD_MS;
    this.requestsReserved += 1;
    this.tokensReserved += tokens;
    this.count(1, tokens, at, now);
    return {
      tokens,
      at,
      requestsUpTo: this.requestsReserved,
      tokensUpTo: this.tokensReserved,
      isInTheirs: true,
      isOver: false,
    };
  }

  /** Counts what an earlier process sent, so and so long ago. */
  restore(name: WindowName, ageMs: number, amount: number, now: number): void {
    this.get(name).own.add(amount, now - ageMs, now);
  }

  /** The answer's head came: the call counts from now on, and the provider says what it counts. */
  answered(reservation: Reservation, headers: Readonly<Record<string, string>>, now: number): void {
    this.moveTo(now, reservation, now);
    this.learnLimits(headers);
    const requests = readCount(headers, 'requests');
    if (requests) {
      const after = this.requestsReserved - reservation.requestsUpTo;
      this.get('rpd').theirs.set(requests.limit - requests.remaining + after, now);
    }
    const tokens = readCount(headers, 'tokens');
    if (!tokens) return;
    const { own, theirs } = this.get('tpm');
    const used = tokens.limit - tokens.remaining;
    reservation.isInTheirs = used >= reservation.tokens && used <= own.total(now);
    theirs.set(used + this.tokensReserved - reservation.tokensUpTo, now);
  }

  /** Replaces what was reserved by what it took, each for minute and day. */
  settle(reservation: Reservation, took: { minute: number; day: number }, now: number): void {
    if (reservation.isOver) return;
    reservation.isOver = true;
    this.correct(this.get('tpm'), reservation, took.minute - reservation.tokens, now);
    this.correct(this.get('tpd'), reservation, took.day - reservation.tokens, now);
  }

  /** The call never reached the provider. */
  release(reservation: Reservation, now: number): void {
    if (reservation.isOver) return;
    reservation.isOver = true;
    this.requestsReserved -= 1;
    this.tokensReserved -= reservation.tokens;
    this.count(-1, -reservation.tokens, reservation.at, now);
  }

  /** The provider refused a call and named the window: what no header tells is learnt from that. */
  refused({ window: name, limit, requested }: RefusedBy, waitMs: number, now: number): void {
    const window = this.get(name);
    const isTold = name === 'rpd' || name === 'tpm';
    if (isTold && window.source === 'provider') return;
    learn(window, limit);
    const bound = window.limit ?? limit;
    window.theirs.set(bound - requested + (waitMs * bound) / window.own.lengthMs, now);
  }

  /** Takes the limits that headers tell. Where they differ from the table's, the plan is another. */
  learnLimits(headers: Readonly<Record<string, string>>): void {
    const told = [
      [this.get('rpd'), readCount(headers, 'requests')],
      [this.get('tpm'), readCount(headers, 'tokens')],
    ] as const;
    for (const [window, count] of told) {
      if (!count || count.limit === window.limit) continue;
      if (window.source === 'table' && window.limit !== undefined) this.forgetTable();
      learn(window, count.limit);
    }
  }

  private forgetTable(): void {
    for (const window of this.all) {
      if (window.source === 'table') window.limit = undefined;
    }
  }

  private moveTo(at: number, reservation: Reservation, now: number): void {
    if (at >= reservation.at) return;
    for (const { own, ...window } of this.all) {
      const cost = isOfTokens(window) ? reservation.tokens : 1;
      own.add(-cost, reservation.at, now);
      own.add(cost, at, now);
    }
    reservation.at = at;
  }

  private count(requests: number, tokens: number, at: number, now: number): void {
    for (const window of this.all) {
      const cost = isOfTokens(window) ? tokens : requests;
      window.own.add(cost, at, now);
      if (window.limit !== undefined) window.theirs.add(cost, now, window.limit);
    }
  }

  private correct(window: ModelWindow, reservation: Reservation, by: number, now: number): void {
    window.own.add(by, reservation.at, now);
    const isTheirs = by > 0 || window.name !== 'tpm' || reservation.isInTheirs;
    if (isTheirs && window.limit !== undefined) window.theirs.add(by, now, window.limit);
  }
}

/** Whether a window counts tokens; the others count requests. */
export function isOfTokens({ name }: Pick<ModelWindow, 'name'>): boolean {
  return name === 'tpm' || name === 'tpd';
}

/** What a window has left now; infinite while its limit is unknown. */
export function left({ limit, own, theirs }: ModelWindow, now: number): number {
  if (limit === undefined) return Number.POSITIVE_INFINITY;
  return Math.max(0, limit - Math.max(own.total(now), theirs.total(now, limit)));
}

/** Until a window has room for so much. */
function waitFor({ own, theirs }: ModelWindow, limit: number, cost: number, now: number): number {
  const target = Math.max(0, limit - cost);
  const theirTarget = target + 1e-6;
  return Math.max(own.fallsTo(target, now), theirs.fallsTo(theirTarget, now, limit));
}

/** Takes a limit that the provider told; it never raises one that the operator set. */
export function learn(window: ModelWindow, limit: number): void {
  if (window.source === 'off') return;
  if (window.source === 'set' && window.limit !== undefined) {
    window.limit = Math.min(window.limit, limit);
    return;
  }
  window.limit = limit;
  window.source = 'provider';
}
