const PROMPT = 'a'.repeat(120);

/** A request body of about that many bytes; the model's name tells the upstream what to answer. */
export function requestOf(model: string, bytes = 250, more: object = {}): string {
  const frame = JSON.stringify({ model, ...more, messages: [{ role: 'user', content: PROMPT }] });
  return frame.replace(PROMPT, 'a'.repeat(Math.max(1, bytes - frame.length + PROMPT.length)));
}

export const PATH = '/v1/chat/completions';
