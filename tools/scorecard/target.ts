import type { LabControl } from '../stage/lab-control.ts';
import type { Case, Mode } from './cases.ts';

/** The gateway that is judged, and the lab behind it. */
export type Target = {
  /** Ends in `/v1`. */
  readonly baseUrl: string;
  readonly apiKey: string;
  readonly lab: LabControl;
  /** How a model that plays a fault is named towards the gateway: `lab/{fault}#{mode}`. */
  readonly primary: string;
  /** The name under which the lab sees the model that the gateway falls back to. */
  readonly fallback: string;
  /** A request that is still open after this has hung. */
  readonly limitMs: number;
};

/** What one caller says; the words make its attempts known in the lab's log. */
export function requestFor(
  { primary }: Target,
  { fault, fields, model, fallback }: Case,
  mode: Mode,
): { readonly prompt: string; readonly body: Record<string, unknown> } {
  const prompt = `Tell me of the harbour. (${[fault, fallback, mode].filter(Boolean).join(', ')})`;
  const run = fallback ? `${mode}-${fallback}` : mode;
  const body = {
    model: model ?? primary.replace('{fault}', fault).replace('{mode}', run),
    messages: [{ role: 'user', content: prompt }],
    ...(mode === 'stream' ? { stream: true } : {}),
    ...(mode === 'stream' || !fields?.['stream_options'] ? fields : {}),
  };
  return { prompt, body };
}

/** Sends a chat completion as any OpenAI client does. */
export function post(
  { baseUrl, apiKey }: Target,
  body: unknown,
  signal: AbortSignal,
): Promise<Response> {
  return fetch(`${baseUrl}/chat/completions`, {
    method: 'POST',
    headers: { authorization: `Bearer ${apiKey}`, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    signal,
  });
}

/** What the lab saw of the requests with this prompt. */
export async function seenOf({ lab }: Target, prompt: string) {
  const all = await lab.attempts();
  return all.filter(({ body }) =>
    JSON.stringify(body ?? null).includes(JSON.stringify(prompt).slice(1, -1)),
  );
}
