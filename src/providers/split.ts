import { createHash } from 'node:crypto';
import type { ChatRequest } from '../core/chat.ts';
import type { Layer, Reply } from '../core/provider.ts';
import type { NativeProvider, NativeRequest } from '../core/relay.ts';
import { printable } from '../core/trail.ts';

/** Weights by model: `{"openai/gpt-oss-120b": 80, "openai/gpt-oss-20b": 20}`. */
export type Weights = Readonly<Record<string, number>>;

/**
 * Tries models side by side: a request that names none (or `auto`) goes to one of them by weight,
 * the same for the same `user`, or else the same caller. The answer's header `x-model-arm` and the
 * ledger say which.
 */
export function split(weights: Weights): Layer {
  return (inner) => ({
    chat: async (request, signal) => {
      const arm = armFor(request, weights);
      if (arm === undefined) return inner.chat(request, signal);
      return marked(await inner.chat(named(request, arm), signal), arm);
    },
  });
}

/** The same for requests in another API's shape. */
export function splitNative(weights: Weights, inner: NativeProvider): NativeProvider {
  return {
    relay: async (request, signal) => {
      const arm = armFor(request, weights);
      if (arm === undefined) return inner.relay(request, signal);
      const { shape, reply } = await inner.relay(named(request, arm), signal);
      return { shape, reply: marked(reply, arm) };
    },
  };
}

type Splittable = Pick<NativeRequest, 'id' | 'params' | 'models' | 'caller' | 'tally'>;

/** Undefined for a request that chose by itself. */
function armFor(request: Splittable, weights: Weights): string | undefined {
  const { params, models, tally } = request;
  const isOpen = params.model === undefined || params.model === 'auto';
  if (!isOpen || models) return undefined;
  const arm = armOf(stickyNameOf(request), weights);
  tally?.note({ arm });
  return arm;
}

function named<T extends ChatRequest | NativeRequest>(request: T, arm: string): T {
  return { ...request, params: { ...request.params, model: arm }, body: undefined };
}

function marked(reply: Reply, arm: string): Reply {
  return { ...reply, headers: { ...reply.headers, 'x-model-arm': printable(arm) } };
}

/** The arm of a name: evenly spread by weight, and always the same. */
export function armOf(name: string, weights: Weights): string {
  const arms = Object.entries(weights);
  const sum = arms.reduce((all, [, weight]) => all + weight, 0);
  const digest = createHash('sha256').update(name).digest();
  let point = (digest.readUInt32BE(0) / 2 ** 32) * sum;
  for (const [arm, weight] of arms) {
    point -= weight;
    if (point < 0) return arm;
  }
  return arms.at(-1)?.[0] ?? '';
}

function stickyNameOf({ params, caller, id }: Splittable): string {
  const user = params['user'];
  return typeof user === 'string' && user !== '' ? `user ${user}` : `caller ${caller ?? id}`;
}
