import { AttemptError } from '../core/attempt.ts';
import type { ChatRequest } from '../core/chat.ts';
import { ApiError } from '../core/errors.ts';
import type { Layer, Provider, Reply } from '../core/provider.ts';
import { formatReplaced } from '../core/trail.ts';

type Options = {
  /** The successor of a name that the provider refused, from its live list. */
  readonly successorOf: (model: string) => Promise<string | undefined>;
  /** The operator's own models: when one is gone, the chain goes on. */
  readonly configured: readonly string[];
  /** A name of the caller's without a successor: `error`, or `default` for the chain's next. */
  readonly unknown: 'error' | 'default';
  readonly onGone: (model: string, successor: string | undefined) => void;
};

/** Names whose warning is remembered. */
const MAX_WARNED = 1_000;

/**
 * Answers for model names that the provider refuses as retired or unknown: by their successor, with
 * one warning, or as `UNKNOWN_MODEL` says.
 */
export function heal({ successorOf, configured, unknown, onGone }: Options): Layer {
  const warned = new Set<string>();
  function warn(model: string, successor: string | undefined): void {
    if (warned.has(model)) return;
    if (warned.size >= MAX_WARNED) warned.clear();
    warned.add(model);
    onGone(model, successor);
  }

  async function healed(
    error: unknown,
    request: ChatRequest,
    inner: Provider,
    signal: AbortSignal,
  ): Promise<Reply> {
    if (!(error instanceof AttemptError) || error.attemptCause !== 'model_gone') throw error;
    const model = request.params.model ?? '';
    const successor = await successorOf(model);
    warn(model, successor);
    if (successor && successor !== model) {
      return askInstead(successor, model, request, inner, signal);
    }
    if (unknown === 'default' || configured.includes(model)) throw error;
    throw unknownModel(model);
  }

  return (inner) => ({
    chat: (request, signal) =>
      inner.chat(request, signal).catch((error) => healed(error, request, inner, signal)),
  });
}

/** Asks the successor, and says so whatever comes of it. */
async function askInstead(
  successor: string,
  model: string,
  request: ChatRequest,
  inner: Provider,
  signal: AbortSignal,
): Promise<Reply> {
  const params = { ...request.params, model: successor };
  try {
    const reply = await inner.chat({ ...request, params, body: undefined }, signal);
    const replaced = { 'x-model-replaced': formatReplaced(model, successor) };
    return { ...reply, headers: { ...reply.headers, ...replaced } };
  } catch (error) {
    if (error instanceof AttemptError) error.askedModel = successor;
    throw error;
  }
}

function unknownModel(model: string): AttemptError {
  return new AttemptError({
    cause: 'model_gone',
    verdict: 'pass',
    countsAsFault: false,
    answer: new ApiError(
      'model_not_found',
      `The model '${model.slice(0, 100)}' does not exist or is retired. GET /v1/models lists those that work; leave model out to get the default.`,
      { param: 'model' },
    ),
  });
}
