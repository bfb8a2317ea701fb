import type { ChatRequest } from '../../core/chat.ts';
import { groqFields } from './groq-fields.ts';

/** What is filled in where a request leaves it open. */
export type RequestDefaults = {
  readonly temperature?: number | undefined;
  readonly maxTokens?: number | undefined;
};

/** The bytes that go to Groq: the caller's own wherever nothing has to be added or left out. */
export function requestBody(
  { params, body }: ChatRequest,
  { temperature, maxTokens }: RequestDefaults,
): Uint8Array | string {
  const fields = groqFields(params);
  const needsTemperature = temperature !== undefined && fields['temperature'] === undefined;
  const needsMaxTokens =
    maxTokens !== undefined &&
    fields['max_tokens'] === undefined &&
    fields['max_completion_tokens'] === undefined;
  if (body && fields === params && !needsTemperature && !needsMaxTokens) return body;
  return JSON.stringify({
    ...fields,
    ...(needsTemperature ? { temperature } : {}),
    ...(needsMaxTokens ? { max_completion_tokens: maxTokens } : {}),
  });
}
