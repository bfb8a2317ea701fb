import { createHash } from 'node:crypto';
import type { ChatRequest } from '../core/chat.ts';
import type { Layer } from '../core/provider.ts';
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
      const { params, models } = request;
      const isOpen = params.model === undefined || params.model === 'auto';
      if (!isOpen || models) return inner.chat(request, signal);
      const arm = armOf(stickyNameOf(request), weights);
      request.tally?.note({ arm });
      const chosen = { ...request, params: { ...params, model: arm }, body: undefined };
      const reply = await inner.chat(chosen, signal);
      return { ...reply, headers: { ...reply.headers, 'x-model-arm': printable(arm) } };
    },
  });
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

function stickyNameOf({ params, caller, id }: ChatRequest): string {
  const user = params['user'];
  return typeof user === 'string' && user !== '' ? `user ${user}` : `caller ${caller ?? id}`;
}
