import { AttemptError } from '../core/attempt.ts';
import type { ChatEvent } from '../core/chat.ts';
import type { Clock } from '../core/clock.ts';
import { ApiError } from '../core/errors.ts';
import { passing } from '../core/passing.ts';
import type { Layer } from '../core/provider.ts';
import {
  afterFault,
  afterSuccess,
  type BreakerRules,
  type BreakerState,
  closed,
} from './breaker-state.ts';

type Options = {
  readonly clock: Clock;
  readonly rules: BreakerRules;
  /** Told when the breaker of a model opens or closes again. */
  readonly onChange?: (model: string, state: BreakerState) => void;
};

/** Circuit breakers, one a model, and a look at them. */
export type Breaker = {
  readonly layer: Layer;
  /** By model; a model that was never asked is missing, and counts as closed. */
  states(): ReadonlyMap<string, BreakerState>;
};

/** What a request proved about its model. */
type Outcome = 'success' | 'alive' | 'unknown' | AttemptError;

/** The epoch counts the state's changes: what began in an earlier one no longer counts. */
type Entry = { state: BreakerState; epoch: number };

/** Models that are remembered; callers may name any, so there is a limit. */
const MAX_MODELS = 1_000;

/**
 * Opens after repeated faults of a model, so that no request waits for one that is known to be
 * down. After a while one single request probes; everybody else goes on along the chain. A probe that
 * hangs gives its place to the next one after the same while. Only the
 * provider's faults count: a caller's mistake, a 429 or a hang-up never does. A fault in
 * mid-stream counts as well. What began before the breaker last changed no longer counts: a late
 * success doesn't close it.
 */
export function breaker({ clock, rules, onChange }: Options): Breaker {
  const entries = new Map<string, Entry>();

  function entryOf(model: string): Entry {
    const found = entries.get(model);
    if (found) return found;
    if (entries.size >= MAX_MODELS) forgetOne(entries);
    const entry = { state: closed, epoch: 0 };
    entries.set(model, entry);
    return entry;
  }

  function change(model: string, entry: Entry, next: BreakerState): void {
    const before = entry.state;
    entry.state = next;
    if (next.kind === before.kind) return;
    entry.epoch += 1;
    onChange?.(model, next);
  }

  /** Lets a request through and returns how to report its outcomes, or its refusal. */
  function enter(model: string): ((outcome: Outcome) => void) | AttemptError {
    const entry = entryOf(model);
    const { state } = entry;
    const now = clock.elapsed();
    if (state.kind !== 'closed') {
      if (now < state.probeAt) return isOpen(state.probeAt - now);
      // A probe that still hangs no longer counts: recovery is noticed within one interval.
      if (state.kind === 'probing') entry.epoch += 1;
      change(model, entry, { ...state, kind: 'probing', probeAt: now + rules.probeMs });
    }
    let epoch = entry.epoch;
    return (outcome) => {
      if (entry.epoch !== epoch) return;
      change(model, entry, stateAfter(outcome, entry.state));
      if (entry.state.kind === 'closed') epoch = entry.epoch;
    };
  }

  function stateAfter(outcome: Outcome, state: BreakerState): BreakerState {
    const now = clock.elapsed();
    if (outcome instanceof AttemptError) return afterFault(state, now, outcome.attemptCause, rules);
    if (outcome === 'success') return afterSuccess(state, now, rules);
    if (state.kind !== 'probing') return state;
    if (outcome === 'alive') return closed;
    // A probe that ended without a verdict gives its place to the next request.
    return { kind: 'open', probeAt: now, reason: state.reason };
  }

  const layer: Layer = (inner) => ({
    chat: (request, signal) => {
      const report = enter(request.params.model ?? '');
      if (report instanceof AttemptError) return Promise.reject(report);
      return inner.chat(request, signal).then(
        (reply) => {
          report('success');
          return reply.kind === 'whole'
            ? reply
            : { ...reply, events: observed(reply.events, report) };
        },
        (error) => {
          report(verdictOn(error));
          throw error;
        },
      );
    },
  });

  return {
    layer,
    states: () => new Map([...entries].map(([model, { state }]) => [model, state])),
  };
}

/** A refusal proves that the provider is there; a hang-up proves nothing. */
function verdictOn(error: unknown): Outcome {
  if (!(error instanceof AttemptError)) return 'unknown';
  return error.countsAsFault ? error : 'alive';
}

function observed(
  events: AsyncIterable<ChatEvent>,
  report: (outcome: Outcome) => void,
): AsyncIterable<ChatEvent> {
  return passing(events, {
    ended: (_how, error) => {
      if (error instanceof AttemptError && error.countsAsFault) report(error);
    },
  });
}

/** The oldest one, if possible one that is closed and so has little to tell. */
function forgetOne(entries: Map<string, Entry>): void {
  let chosen: string | undefined;
  for (const [model, { state }] of entries) {
    chosen ??= model;
    if (state.kind !== 'closed') continue;
    chosen = model;
    break;
  }
  if (chosen !== undefined) entries.delete(chosen);
}

function isOpen(leftMs: number): AttemptError {
  return new AttemptError({
    cause: 'breaker_open',
    verdict: 'next',
    countsAsFault: false,
    answer: new ApiError(
      'provider_unavailable',
      'The provider is down at present. Try again in a few seconds.',
      { retryAfterMs: leftMs },
    ),
  });
}
