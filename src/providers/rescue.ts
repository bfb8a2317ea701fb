import { AttemptError } from '../core/attempt.ts';
import { type ChatEvent, type ChatRequest, choicesAskedFor } from '../core/chat.ts';
import type { Clock } from '../core/clock.ts';
import { orElse } from '../core/events.ts';
import { passing } from '../core/passing.ts';
import type { Layer, Provider, StreamReply } from '../core/provider.ts';
import type { Cause } from '../core/trail.ts';
import { offersTools, wantsJson } from './plain-text.ts';
import { type Broken, carryOn, type Helper, tried } from './rescue/carry-on.ts';
import { onlyFrom, waysFor } from './rescue/continuation.ts';
import { canGoOn, isWhole, note, nothingDelivered } from './rescue/delivered.ts';
import { wholeCharacters } from './rescue/whole-characters.ts';
import type { Route } from './route.ts';

type Options = {
  readonly routeOf: (request: ChatRequest) => Route;
  readonly local: Provider & {
    readonly servedBy: string;
    /** Whether it may carry on whatever another model began. */
    readonly profile: { readonly mayContinue: boolean };
  };
  readonly clock: Clock;
  /** Until the next token of a broken stream, or its error; the local model's own time comes on top. */
  readonly budgetMs: number;
  /** Told how each broken stream ended, and how it had broken. */
  readonly onRescue?: (outcome: 'rescued' | 'failed', request: ChatRequest, fault: Cause) => void;
};

/**
 * Carries on a stream that breaks after its answer has begun: the next cloud model continues the
 * text from where it stopped (assistant prefill; where that is refused, it starts over and its
 * identical beginning is swallowed), in the end the local model. The caller sees one stream. Where
 * nobody can carry it on, the stream ends with the error: a truncated answer never looks like a
 * whole one. What goes wrong after the finish reason harms nobody.
 */
export function rescue(options: Options): Layer {
  return (inner) => ({
    chat: (request, signal) =>
      inner
        .chat(request, signal)
        .then((reply) =>
          reply.kind === 'whole' ? reply : rescuable(reply, request, signal, inner, options),
        ),
  });
}

/** Tools and JSON are never joined from two models' halves. */
function mayRescue({ params }: ChatRequest): boolean {
  return !offersTools(params) && !wantsJson(params);
}

function rescuable(
  reply: StreamReply,
  request: ChatRequest,
  signal: AbortSignal,
  inner: Provider,
  options: Options,
): StreamReply {
  const { clock, budgetMs } = options;
  const ending = { servedBy: reply.servedBy, trail: [...reply.trail] };
  const delivered = nothingDelivered(choicesAskedFor(request.params));
  const broken: Broken = { request, signal, delivered, ending };

  const whole = wholeCharacters(reply.events);
  const noted = passing(whole, { seen: ({ chunk }) => note(delivered, chunk) });
  const events = orElse(noted, (error) => {
    if (!(error instanceof AttemptError) || signal.aborted) throw error;
    if (isWhole(delivered)) return nothing();
    if (!canGoOn(delivered) || !mayRescue(request)) throw error;
    return rescued(error);
  });

  async function* rescued(fault: AttemptError): AsyncGenerator<ChatEvent, void, void> {
    const helpers = helpersAfter(fault, broken, inner, options);
    tried(ending, { provider: ending.servedBy, cause: fault.attemptCause });
    let deadline = clock.elapsed() + budgetMs;
    for (const helper of helpers) {
      // What the one before has said may be beyond carrying on.
      if (!canGoOn(delivered)) break;
      const before = delivered.said.length;
      const isDone = yield* carryOn(helper, broken, deadline);
      if (delivered.said.length > before) deadline = clock.elapsed() + budgetMs;
      if (!isDone) continue;
      options.onRescue?.('rescued', request, fault.attemptCause);
      return;
    }
    options.onRescue?.('failed', request, fault.attemptCause);
    throw fault;
  }

  return { ...reply, events, ending: () => ending };
}

async function* nothing(): AsyncGenerator<ChatEvent, void, void> {}

/**
 * Who may carry the stream on: cloud models that were not asked yet; the broken one itself, unless
 * it fell silent; then the local model. A local model that may not continue another's text is asked
 * for its own answer, which must begin as the one that was sent.
 */
function helpersAfter(
  fault: AttemptError,
  { request, ending }: Broken,
  inner: Provider,
  { routeOf, local }: Options,
): Helper[] {
  const route = routeOf(request);
  const known = new Set([ending.servedBy, ...ending.trail.map(({ provider }) => provider)]);
  const fresh = route.cloud.filter((model) => !known.has(`groq/${model}`));
  const again = route.cloud.filter((model) => `groq/${model}` === ending.servedBy);
  const models = fault.attemptCause === 'stall' ? fresh : [...fresh, ...again];
  const cloud = models.map(
    (model): Helper => ({
      name: `groq/${model}`,
      waysFor,
      ask: (each, signal, deadline) => inner.chat(onlyFrom(model, each, deadline), signal),
    }),
  );
  const own: Helper = {
    name: local.servedBy,
    waysFor: () => (local.profile.mayContinue ? ['extend'] : ['restart']),
    ask: (each, signal) => local.chat(each, signal),
  };
  return route.local ? [...cloud, own] : cloud;
}
