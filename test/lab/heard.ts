/** What a caller on a raw socket heard, and how it ended. */
export type Heard = {
  readonly raw: Buffer;
  readonly status: number;
  readonly head: string;
  /** Everything behind the head, chunks taken apart. */
  readonly body: Buffer;
  /** Whether HTTP's own end of the body came: the last chunk, or as many bytes as promised. */
  readonly complete: boolean;
  readonly ending: 'complete' | 'fin' | 'reset' | 'silence';
};

function unchunk(body: Buffer): { body: Buffer; complete: boolean } {
  const parts: Buffer[] = [];
  let at = 0;
  for (;;) {
    const lineEnd = body.indexOf('\r\n', at);
    if (lineEnd < 0) return { body: Buffer.concat(parts), complete: false };
    const size = Number.parseInt(body.toString('latin1', at, lineEnd), 16);
    if (size === 0) return { body: Buffer.concat(parts), complete: true };
    parts.push(body.subarray(lineEnd + 2, lineEnd + 2 + size));
    at = lineEnd + 2 + size + 2;
  }
}

/** Takes an answer's bytes apart as far as they have come. */
export function takeApart(raw: Buffer, ending: Heard['ending']): Heard {
  const headEnd = raw.indexOf('\r\n\r\n');
  const head = headEnd < 0 ? '' : raw.toString('latin1', 0, headEnd).toLowerCase();
  const rest = headEnd < 0 ? Buffer.alloc(0) : raw.subarray(headEnd + 4);
  const status = Number(/^http\/1\.1 (\d{3})/.exec(head)?.[1] ?? 0);
  const length = /content-length: (\d+)/.exec(head)?.[1];
  const chunked = head.includes('transfer-encoding: chunked');
  const whole = length !== undefined && rest.length >= Number(length);
  const body = chunked ? unchunk(rest) : { body: rest, complete: whole };
  return { raw, status, head, ending, ...body };
}

/** The `data:` payloads of an event stream that keeps to single lines. */
export const payloads = (body: Buffer): readonly string[] =>
  body
    .toString()
    .split('\n')
    .filter((line) => line.startsWith('data: '))
    .map((line) => line.slice(6));

/** The parsed chunks of a stream, without [DONE] and without what is no JSON. */
// biome-ignore lint/suspicious/noExplicitAny: a test looks into JSON of any shape.
export function chunks(body: Buffer): readonly any[] {
  return payloads(body).flatMap((payload) => {
    try {
      return [JSON.parse(payload)];
    } catch {
      return [];
    }
  });
}

/** The text that a stream's content deltas add up to. */
export const contentOf = (body: Buffer): string =>
  chunks(body)
    .map((chunk) => chunk?.choices?.[0]?.delta?.content ?? '')
    .join('');
