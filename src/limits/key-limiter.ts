import { AttemptError } from '../core/attempt.ts';
import type { ChatRequest, Usage } from '../core/chat.ts';
import type { Clock } from '../core/clock.ts';
import type { Admission, Limiter } from '../core/limiter.ts';
import { isRelayed } from '../core/relay.ts';
import { cachedTokens } from '../core/usage.ts';
import { answerLimits } from './answer-limits.ts';
import { DAY_MS } from './limits.ts';
import { isOfTokens, leastLeft, type ModelWindows, type Reservation } from './model-windows.ts';
import { coolingDown, tooLarge, usedUp } from './refusals.ts';
import { planTokens, type TokenPlan } from './token-plan.ts';

/** One model of one key, with what is remembered beside its windows. */
export type ModelState = {
  readonly windows: ModelWindows;
  /** The provider asked to be left alone until then. */
  closedUntil: number;
  /** By how much prompts outgrew their bound, at least 1. */
  factor: number;
};

type Options = {
  readonly clock: Clock;
  /** The state of a model, made on first use. */
  readonly stateOf: (model: string) => ModelState;
  /** Makes sure that what is reserved outlives a crash; undefined when it does already. */
  readonly kept: (state: ModelState) => Promise<void> | undefined;
  readonly onChange: () => void;
  readonly defaultMaxTokens: number | undefined;
};

/** Keeps one upstream key within its limits. */
export function keyLimiter(options: Options): Limiter {
  const { clock, stateOf, kept, onChange, defaultMaxTokens } = options;

  function admit(request: ChatRequest): Admission | Promise<Admission> {
    const model = request.params.model ?? '';
    const state = stateOf(model);
    const { windows } = state;
    const now = clock.elapsed();
    const moment = () => ({ clock, headers: answerLimits(windows, {}, now) ?? {} });
    if (state.closedUntil > now) throw coolingDown(model, state.closedUntil - now, moment());
    const room = windows.room(now);
    const limit = tokenLimitOf(windows);
    const plan = planTokens(request, { limit, room, defaultMaxTokens, factor: state.factor });
    if (plan.tokens > limit) throw tooLarge(model, plan.tokens, limit);
    const blocked = windows.blocked(plan.tokens, now);
    if (blocked) throw usedUp(model, blocked, moment());
    const reservation = windows.reserve(plan.tokens, plan.tokens - plan.prompt, now);
    onChange();
    const admission = admissionOf(state, reservation, plan, options);
    return kept(state)?.then(() => admission) ?? admission;
  }

  return {
    admit,
    quotaLeft: (model) => {
      const { windows, closedUntil } = stateOf(model);
      const now = clock.elapsed();
      return closedUntil > now ? 0 : leastLeft(windows, now);
    },
  };
}

function tokenLimitOf({ all }: ModelWindows): number {
  let least = Number.POSITIVE_INFINITY;
  for (const window of all) {
    if (isOfTokens(window)) least = Math.min(least, window.limit ?? Number.POSITIVE_INFINITY);
  }
  return least;
}

function admissionOf(
  state: ModelState,
  reservation: Reservation,
  plan: TokenPlan,
  { clock, onChange }: Options,
): Admission {
  const { windows } = state;
  return {
    request: plan.request,
    answered: (headers) => {
      windows.answered(reservation, headers, clock.elapsed());
      onChange();
    },
    limits: (headers) => {
      const told = answerLimits(windows, headers, clock.elapsed());
      return plan.headers ? { ...plan.headers, ...told } : told;
    },
    unused: () => windows.release(reservation, clock.elapsed()),
    settled: (usage, pieces) => {
      if (usage) outgrown(state, plan, usage);
      // The pieces of a file are no tokens.
      const estimated = isRelayed(plan.request) ? 0 : plan.prompt + pieces;
      const took = usage ? { minute: countedOf(usage), day: countedOf(usage) } : undefined;
      // What nobody counted is held to have taken all it might, for the minute in question.
      const unknown = { minute: Math.max(reservation.tokens, estimated), day: estimated };
      windows.settle(reservation, took ?? unknown, clock.elapsed());
      onChange();
    },
    failed: (error) => {
      const now = clock.elapsed();
      if (error instanceof AttemptError) learnFrom(state, reservation, error, now);
      const unknown = { minute: reservation.tokens, day: plan.prompt };
      windows.settle(reservation, unknown, now);
      onChange();
    },
  };
}

/** What counts against the limits: prompt tokens that Groq had cached don't. */
function countedOf(usage: Usage): number {
  return Math.max(0, usage.total_tokens - cachedTokens(usage));
}

/** A prompt that took more than its bound makes the next bounds of this model larger. */
function outgrown(state: ModelState, { prompt }: TokenPlan, { prompt_tokens }: Usage): void {
  if (prompt === 0) return;
  const factor = (state.factor * prompt_tokens) / prompt;
  state.factor = Math.min(4, Math.max(1, factor > state.factor ? factor : state.factor * 0.99));
}

/** Statuses before which no token was made. */
const MADE_NOTHING = new Set([
  '429',
  'limit',
  'auth',
  'model_gone',
  'context',
  '400',
  '413',
  '422',
]);

function learnFrom(
  state: ModelState,
  reservation: Reservation,
  error: AttemptError,
  now: number,
): void {
  const { windows } = state;
  const { attemptCause: cause, headers, refusedBy, retryAfterMs } = error;
  if (error.everyModel || cause === 'breaker_open') {
    windows.release(reservation, now);
    return;
  }
  if (headers) windows.answered(reservation, headers, now);
  if (cause === '429' && retryAfterMs !== undefined) {
    state.closedUntil = now + Math.min(retryAfterMs, DAY_MS);
  }
  if (cause === '429' && refusedBy) windows.refused(refusedBy, retryAfterMs ?? 0, now);
  if (MADE_NOTHING.has(cause)) windows.settle(reservation, { minute: 0, day: 0 }, now);
}
