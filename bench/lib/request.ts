const PROMPT = 'a'.repeat(120);

/** A request body of about that many bytes; the model's name tells the upstream what to answer. */
export function requestOf(model: string, bytes = 250, more: object = {}): string {
  const frame = JSON.stringify({ model, ...more, messages: [{ role: 'user', content: PROMPT }] });
  return frame.replace(PROMPT, 'a'.repeat(Math.max(1, bytes - frame.length + PROMPT.length)));
}

export const PATH = '/v1/chat/completions';

/** A whole request as it goes over the wire, for plain sockets, which cost the client least. */
export function requestBytes(
  { url, headers }: { readonly url: string; readonly headers: Readonly<Record<string, string>> },
  model: string,
  more: object = {},
  connection: 'close' | 'keep-alive' = 'close',
): string {
  const body = requestOf(model, 250, more);
  const all = {
    ...headers,
    host: new URL(url).host,
    'content-type': 'application/json',
    'content-length': body.length,
    connection,
  };
  const lines = Object.entries(all).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${PATH} HTTP/1.1\r\n${lines.join('')}\r\n${body}`;
}

/** What a peer answered instead of 200; undefined for a 200. @param head where an answer begins */
export function refusalIn(head: string): string | undefined {
  const status = /^HTTP\/1\.1 (\d+)/.exec(head)?.[1] ?? 'nothing';
  return status === '200' ? undefined : `answered ${status}`;
}
