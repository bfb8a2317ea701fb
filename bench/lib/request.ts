/** What people paste into a chat: lines, quotes, a list, a little code; nothing that is read faster. */
const PAGE = `## Why the kettle whistles

Steam leaves through two plates with a hole in each. Between them the jet curls into rings, and
"every ring", said the engineer, "pushes back on the next one". So the tone begins.

- Below a certain speed the chamber hums like a bottle.
- Above it the tone rises with the flow, and it doesn't matter who pours.

\`\`\`js
const tone = (speed, gap) => ({ hertz: (0.2 * speed) / gap, unit: "1/s" });
\`\`\`

`;

/** A request body of about that many bytes; the model's name tells the upstream what to answer. */
export function requestOf(model: string, bytes = 250, more: object = {}): string {
  const bodyOf = (content: string) =>
    JSON.stringify({ model, ...more, messages: [{ role: 'user', content }] });
  const bytesACharacter = (JSON.stringify(PAGE).length - 2) / PAGE.length;
  const length = Math.max(1, Math.round((bytes - bodyOf('').length) / bytesACharacter));
  return bodyOf(PAGE.repeat(Math.ceil(length / PAGE.length)).slice(0, length));
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
