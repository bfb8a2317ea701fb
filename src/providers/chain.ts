import { AttemptError } from '../core/attempt.ts';
import type { ChatRequest } from '../core/chat.ts';
import type { Clock } from '../core/clock.ts';
import { ApiError } from '../core/errors.ts';
import { type Provider, type Reply, withHeaders } from '../core/provider.ts';
import { formatReplaced } from '../core/trail.ts';
import { answerAfter, type Failure } from './exhausted.ts';
import type { Route } from './route.ts';

type Options = {
  /** Answers for any cloud model that the request names; absent without a Groq key. */
  readonly cloud?: Provider | undefined;
  readonly local: Provider & { readonly servedBy: string };
  /** Who may be asked, and in which order. */
  readonly routeOf: (request: ChatRequest) => Route;
  /** A model's context in tokens, where it is known. */
  readonly contextWindowOf: (model: string) => number | undefined;
  readonly clock: Clock;
  /** For a stream: all cloud attempts together, until the first token. */
  readonly budgetMs: number;
  /** For a whole answer: each model. */
  readonly wholeMs: number;
};

/** Asks one model after the other until one answers; the local model comes last. */
export function chain(options: Options): Provider {
  const { cloud, local, routeOf, clock } = options;
  return {
    chat: async (request, signal) => {
      const route = routeOf(request);
      const failures: Failure[] = [];
      const ask = cloud ? askCloud(cloud, request, route.cloud, failures, signal) : undefined;
      const reply = (await ask) ?? (await askLocal(request, route, failures, signal));
      const told = route.replaced ? withHeaders(reply, replacedHeader(route.replaced)) : reply;
      if (failures.length === 0) return told;
      return { ...told, trail: [...entries(failures), ...reply.trail] };
    },
  };

  /** Undefined when no cloud model answered, but the local one still may. */
  async function askCloud(
    cloud: Provider,
    request: ChatRequest,
    models: readonly string[],
    failures: Failure[],
    signal: AbortSignal,
  ): Promise<Reply | undefined> {
    const ownDeadline = clock.elapsed() + options.budgetMs;
    const streamDeadline = Math.min(request.deadline ?? ownDeadline, ownDeadline);
    for (const model of models) {
      if (failures.length > 0 && !mayHelp(model, failures)) continue;
      const now = clock.elapsed();
      const deadline = request.params.stream ? streamDeadline : now + options.wholeMs;
      if (deadline <= now) return undefined;
      signal.throwIfAborted();
      try {
        return await cloud.chat({ ...withModel(request, model), deadline }, signal);
      } catch (error) {
        if (!(error instanceof AttemptError)) throw error;
        const asked = error.askedModel ?? model;
        failures.push({ model: asked, provider: `groq/${asked}`, error });
        if (isCallersOwn(error)) throw withTrail(error.answer, failures);
        if (error.everyModel) return undefined;
      }
    }
    const last = failures.at(-1)?.error;
    if (last?.verdict === 'larger') throw withTrail(last.answer, failures);
    return undefined;
  }

  async function askLocal(
    request: ChatRequest,
    route: Route,
    failures: readonly Failure[],
    signal: AbortSignal,
  ): Promise<Reply> {
    if (!route.local) throw withTrail(answerAfter(failures), failures);
    // The last one may have failed while its caller hung up.
    signal.throwIfAborted();
    try {
      return await local.chat(withModel(request, local.servedBy), signal);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      throw withTrail(answerAfter(failures, error), failures);
    }
  }

  /**
   * Nobody is asked twice, by whichever name. After a prompt that was too long, only a model with a
   * longer context is worth a try.
   */
  function mayHelp(model: string, failures: readonly Failure[]): boolean {
    if (failures.some((failed) => failed.model === model)) return false;
    const tooSmall = failures.filter(({ error }) => error.verdict === 'larger');
    if (tooSmall.length === 0) return true;
    const context = options.contextWindowOf(model);
    if (context === undefined) return true;
    return tooSmall.every((failed) => (options.contextWindowOf(failed.model) ?? 0) < context);
  }
}

/** A mistake that any model would meet, or output that this very request breaks twice. */
function isCallersOwn({ verdict }: AttemptError): boolean {
  return verdict === 'pass' || verdict === 'retry-once';
}

function entries(failures: readonly Failure[]) {
  return failures.map(({ provider, error }) => ({ provider, cause: error.attemptCause }));
}

function withTrail(error: ApiError, failures: readonly Failure[]): ApiError {
  error.trail = entries(failures);
  return error;
}

function replacedHeader({ asked, by }: NonNullable<Route['replaced']>): Record<string, string> {
  return { 'x-model-replaced': formatReplaced(asked, by) };
}

/** The caller's own bytes stay only where they name this very model. */
function withModel(request: ChatRequest, model: string): ChatRequest {
  if (request.params.model === model) return request;
  return { ...request, params: { ...request.params, model }, body: undefined };
}
