import type { ChatRequest } from '../../core/chat.ts';

/** What is filled in where a request leaves it open. */
export type RequestDefaults = {
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
};

/** The bytes that go to Groq: the caller's own wherever nothing has to be added. */
export function requestBody(
  { params, body }: ChatRequest,
  { temperature, maxTokens }: RequestDefaults,
): Uint8Array | string {
  const needsTemperature = temperature !== undefined && params['temperature'] === undefined;
  const needsMaxTokens =
    maxTokens !== undefined &&
    params['max_tokens'] === undefined &&
    params['max_completion_tokens'] === undefined;
  if (body && !needsTemperature && !needsMaxTokens) return body;
  return JSON.stringify({
    ...params,
    ...(needsTemperature ? { temperature } : {}),
    ...(needsMaxTokens ? { max_completion_tokens: maxTokens } : {}),
  });
}
