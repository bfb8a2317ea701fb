import { type ChatMessage, type ChatRequest, LIMIT_FIELDS } from '../../core/chat.ts';
import type { Delivered } from './delivered.ts';
import { tellsItself } from './seam.ts';

/**
 * How a provider is asked to carry a stream on: to continue the text that was sent (assistant
 * prefill), the same of a model of our own, which does so to the token, or to give the whole answer
 * again.
 */
export type Way = 'continue' | 'extend' | 'restart';

/**
 * The ways in which a cloud model is asked, in order. Where a restart could not be told from a
 * continuation, the restart comes first: little is lost if it departs.
 */
export function waysFor({ said: { text } }: Delivered): readonly Way[] {
  if (text.trim() === '') return ['restart'];
  return tellsItself(text) ? ['continue', 'restart'] : ['restart', 'continue'];
}

/**
 * The request for one way of carrying on. White space at the end of the text stays at home: chat
 * templates trim it, and models go on better without.
 */
export function requestFor(way: Way, request: ChatRequest, delivered: Delivered): ChatRequest {
  const content = delivered.said.text.trimEnd();
  const rescuing = { ...request, rescue: way, body: undefined };
  if (way === 'restart' || content === '') return rescuing;
  const messages = begunWith(content, request.params.messages);
  const params = { ...request.params, ...remainingLength(request, delivered), messages };
  return { ...rescuing, params };
}

/** The text as the answer's beginning; where the caller began it already, as more of that. */
function begunWith(text: string, messages: readonly ChatMessage[]): readonly ChatMessage[] {
  const last = messages.at(-1);
  const begun = last?.role === 'assistant' && !last['tool_calls'] ? last.content : undefined;
  if (typeof begun !== 'string') return [...messages, { role: 'assistant', content: text }];
  return [...messages.slice(0, -1), { role: 'assistant', content: begun + text }];
}

/** Narrows a request to one cloud model, with its retries and nothing else. */
export function onlyFrom(model: string, request: ChatRequest, deadline: number): ChatRequest {
  const params = { ...request.params, model };
  return { ...request, params, models: [model], fallback: 'off', deadline };
}

/** What is left of the caller's limits: the text that was sent counts; another mind thinks anew. */
function remainingLength(
  { params }: ChatRequest,
  { textTokens }: Delivered,
): Record<string, number> {
  const left: Record<string, number> = {};
  for (const field of LIMIT_FIELDS) {
    const limit = params[field];
    if (typeof limit === 'number') left[field] = Math.max(1, limit - textTokens);
  }
  return left;
}
