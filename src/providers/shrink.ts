import { AttemptError } from '../core/attempt.ts';
import { type ChatRequest, LIMIT_FIELDS } from '../core/chat.ts';
import { type Layer, withHeaders } from '../core/provider.ts';

/**
 * Lowers `max_tokens` once when it alone asks for more tokens than the provider's limit for a
 * minute allows (Groq's 413), and says so in `x-max-tokens-clamped`.
 */
export function shrink(): Layer {
  return (inner) => ({
    chat: (request, signal) =>
      inner.chat(request, signal).catch(async (error) => {
        const smaller = error instanceof AttemptError ? smallerRequest(request, error) : undefined;
        if (!smaller) throw error;
        const reply = await inner.chat(smaller.request, signal);
        return withHeaders(reply, { 'x-max-tokens-clamped': String(smaller.maxTokens) });
      }),
  });
}

function smallerRequest(request: ChatRequest, { tokenLimit }: AttemptError) {
  const field = LIMIT_FIELDS.find((name) => typeof request.params[name] === 'number');
  if (!tokenLimit || !field) return undefined;
  const asked = Number(request.params[field]);
  const maxTokens = asked - (tokenLimit.requested - tokenLimit.limit);
  if (maxTokens < 1) return undefined;
  const params = { ...request.params, [field]: maxTokens };
  return { maxTokens, request: { ...request, params, body: undefined } };
}
