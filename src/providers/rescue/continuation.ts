import type { ChatRequest } from '../../core/chat.ts';
import type { Delivered } from './delivered.ts';

/**
 * How a provider is asked to carry a stream on: to continue the text that was sent (assistant
 * prefill), or to give the whole answer again.
 */
export type Way = 'continue' | 'restart';

/** The request for one way of carrying on. */
export function requestFor(way: Way, request: ChatRequest, delivered: Delivered): ChatRequest {
  if (way === 'restart' || delivered.text === '') return { ...request, body: undefined };
  const answer = { role: 'assistant', content: delivered.text };
  const messages = [...request.params.messages, answer];
  const params = { ...request.params, ...remainingLength(request, delivered), messages };
  return { ...request, params, body: undefined };
}

/** Narrows a request to one cloud model, with its retries and nothing else. */
export function onlyFrom(model: string, request: ChatRequest): ChatRequest {
  return { ...request, params: { ...request.params, model }, models: [model], fallback: 'off' };
}

/** What is left of the caller's limits: the text that was sent counts; another mind thinks anew. */
function remainingLength(
  { params }: ChatRequest,
  { textTokens }: Delivered,
): Record<string, number> {
  const left: Record<string, number> = {};
  for (const field of ['max_tokens', 'max_completion_tokens']) {
    const limit = params[field];
    if (typeof limit === 'number') left[field] = Math.max(1, limit - textTokens);
  }
  return left;
}
