import type { RefusedBy } from '../core/attempt.ts';
import { Drain } from './drain.ts';
import { DAY_MS, type Limits, MINUTE_MS, WINDOW_NAMES, type WindowName } from './limits.ts';
import { type HeaderCount, readCount } from './provider-headers.ts';
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
  /** At least so much of that the provider reserves as well: what the answer may take. */
  readonly answerTokens: number;
  /**
   * When it counts from. The provider counts a call somewhere between our sending it and its
   * answer; it is held to be the later of both, so while it is under way it has no time yet.
   */
  at: number | undefined;
  /** What had been reserved up to and with this call: tells which calls came after it. */
  readonly requestsUpTo: number;
  readonly tokensUpTo: number;
  /** What had been given back by then. */
  readonly returnedUpTo: number;
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

const RESOLUTION = { minute: 120, day: 288 };

/** The four windows of one model and key. Times are the clock's elapsed milliseconds. */
export class ModelWindows {
  readonly all: readonly ModelWindow[];
  /** Everything that was ever reserved here. */
  requestsReserved = 0;
  tokensReserved = 0;
  /** Calls under way, and what is reserved for them. */
  inFlight = 0;
  tokensInFlight = 0;
  /** What of everything reserved turned out not to be taken. */
  private tokensReturned = 0;

  constructor(limits: Limits, source: LimitSource) {
    this.all = WINDOW_NAMES.map((name) => {
      const isMinute = name === 'rpm' || name === 'tpm';
      const lengthMs = isMinute ? MINUTE_MS : DAY_MS;
      const slots = isMinute ? RESOLUTION.minute : RESOLUTION.day;
      const own = new SlidingWindow({ lengthMs, slots });
      return { name, own, theirs: new Drain(lengthMs), limit: limits[name], source };
    });
  }

  get(name: WindowName): ModelWindow {
    for (const window of this.all) if (window.name === name) return window;
    throw new Error(`no window ${name}`);
  }

  /** Room for tokens now, in the tightest window; infinite where no limit is known. */
  room(now: number): number {
    let least = Number.POSITIVE_INFINITY;
    for (const window of this.all) {
      if (isOfTokens(window)) least = Math.min(least, left(window, now));
    }
    return least;
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

  reserve(tokens: number, answerTokens: number, now: number): Reservation {
    this.requestsReserved += 1;
    this.tokensReserved += tokens;
    for (const window of this.all) {
      const cost = isOfTokens(window) ? tokens : 1;
      window.own.hold(cost);
      if (window.limit !== undefined) window.theirs.add(cost, now, window.limit);
    }
    this.inFlight += 1;
    this.tokensInFlight += tokens;
    return {
      tokens,
      answerTokens,
      at: undefined,
      requestsUpTo: this.requestsReserved,
      tokensUpTo: this.tokensReserved,
      returnedUpTo: this.tokensReturned,
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
    this.stamp(reservation, now);
    this.learnLimits(headers);
    const requests = readCount(headers, 'requests');
    if (requests) {
      const after = this.requestsReserved - reservation.requestsUpTo;
      this.get('rpd').theirs.set(requests.limit - requests.remaining + after, now);
    }
    const tokens = readCount(headers, 'tokens');
    if (!tokens) return;
    const { own, theirs } = this.get('tpm');
    // Counted when the call came in: what others gave back since is not in it.
    const returned = this.tokensReturned - reservation.returnedUpTo;
    const used = tokens.limit - tokens.remaining - returned;
    reservation.isInTheirs = used >= reservation.answerTokens && used <= own.total(now);
    theirs.set(used + this.tokensReserved - reservation.tokensUpTo, now);
  }

  /** Replaces what was reserved by what it took, each for minute and day. */
  settle(reservation: Reservation, took: { minute: number; day: number }, now: number): void {
    if (reservation.isOver) return;
    reservation.isOver = true;
    this.stamp(reservation, now);
    this.tokensReturned += Math.max(0, reservation.tokens - took.minute);
    this.correct(this.get('tpm'), reservation, took.minute - reservation.tokens, now);
    this.correct(this.get('tpd'), reservation, took.day - reservation.tokens, now);
  }

  /** The call never reached the provider. */
  release(reservation: Reservation, now: number): void {
    if (reservation.isOver) return;
    reservation.isOver = true;
    // Stays among everything reserved: by that, calls are told to be before or after each other.
    this.stamp(reservation, now);
    const { tokens, at = now } = reservation;
    for (const window of this.all) {
      const cost = isOfTokens(window) ? tokens : 1;
      window.own.add(-cost, at, now);
      if (window.limit !== undefined) window.theirs.add(-cost, now, window.limit);
    }
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
    this.learnFrom(this.get('rpd'), readCount(headers, 'requests'));
    this.learnFrom(this.get('tpm'), readCount(headers, 'tokens'));
  }

  private learnFrom(window: ModelWindow, told: HeaderCount | undefined): void {
    if (!told || told.limit === window.limit) return;
    if (window.source === 'table' && window.limit !== undefined) this.forgetTable();
    learn(window, told.limit);
  }

  private forgetTable(): void {
    for (const window of this.all) {
      if (window.source === 'table') window.limit = undefined;
    }
  }

  /** The call is no longer under way: it counts from now on. */
  private stamp(reservation: Reservation, now: number): void {
    if (reservation.at !== undefined) return;
    reservation.at = now;
    this.inFlight -= 1;
    this.tokensInFlight -= reservation.tokens;
    for (const window of this.all) {
      const cost = isOfTokens(window) ? reservation.tokens : 1;
      window.own.unhold(cost);
      window.own.add(cost, now, now);
    }
  }

  private correct(window: ModelWindow, reservation: Reservation, by: number, now: number): void {
    window.own.add(by, reservation.at ?? now, now);
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

/** The smallest share that a window has left, 0 to 1; 1 while nothing is known. */
export function leastLeft({ all }: ModelWindows, now: number): number {
  const shares = all.map((window) =>
    window.limit === undefined ? 1 : left(window, now) / window.limit,
  );
  return Math.min(1, ...shares);
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
