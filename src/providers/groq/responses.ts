import type { ChatRequest } from '../../core/chat.ts';
import { isObject } from '../../core/json.ts';
import type { Provider } from '../../core/provider.ts';
import { shapeOf } from './answer-shape.ts';
import { begun } from './begun.ts';
import { garbage, inband } from './faults.ts';
import type { GroqOptions } from './groq.ts';
import { groqRoute } from './groq-route.ts';
import { chatUsage, readResponses } from './read-responses.ts';
import type { WholeAnswer } from './read-whole.ts';
import type { RequestDefaults } from './request-body.ts';

/** Hints that Groq refuses and that don't touch the answer. */
const HINTS: readonly string[] = [
  'prompt_cache_key',
  'prompt_cache_retention',
  'safety_identifier',
];

/**
 * Groq's Responses API for one API key: one request, one attempt. The request's params are the
 * API's own body (beside `messages`, which is empty), and so are the reply's bytes and events.
 */
export function groqResponses(options: GroqOptions): Provider {
  return groqRoute(options, '/responses', {
    bodyOf: (request) => responsesBody(request, options.defaults),
    eventsOf: (answer, { params }, signal) => {
      const onMalformed = () => options.onMalformed(params.model ?? '');
      const events = readResponses(answer, signal, { onMalformed });
      return begun(events, ({ kind }) => kind !== 'opening');
    },
    wholeOf: readResponse,
  });
}

/** The caller's own bytes wherever nothing has to be added or left out. */
function responsesBody(
  { params, body }: ChatRequest,
  { temperature, maxTokens }: RequestDefaults,
): Uint8Array | string {
  const { messages: _, ...fields } = params;
  const entries = Object.entries(fields);
  const kept = entries.filter(([name, value]) => !isRefusedHint(name, value));
  const asked = Object.fromEntries(kept);
  const needsTemperature = temperature !== undefined && asked['temperature'] === undefined;
  const needsMaxTokens = maxTokens !== undefined && asked['max_output_tokens'] === undefined;
  const isSame = kept.length === entries.length && !needsTemperature && !needsMaxTokens;
  if (body && isSame) return body;
  return JSON.stringify({
    ...asked,
    ...(needsTemperature ? { temperature } : {}),
    ...(needsMaxTokens ? { max_output_tokens: maxTokens } : {}),
  });
}

function isRefusedHint(name: string, value: unknown): boolean {
  if (name === 'include') {
    return Array.isArray(value) && value.every((item) => item === 'reasoning.encrypted_content');
  }
  return HINTS.includes(name) || value === null;
}

function readResponse(bytes: Buffer): WholeAnswer {
  const response = shapeOf(bytes);
  if (!isObject(response)) throw garbage(new Error('no response'));
  if (response['status'] === 'failed' || response['error']) {
    throw inband(new Error('a failed response in a 200'));
  }
  if (!Array.isArray(response['output'])) throw garbage(new Error('a response without output'));
  return { body: bytes, usage: chatUsage(response['usage']) };
}
