import { BadRequest, type BodyReader, chunkedBody, lengthBody } from './http-body.ts';
import { nowMs } from './now.ts';

/** One whole request as it came over the socket; header names are in lower case. */
export type HttpRequest = {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** When the last header byte had arrived, in wall-clock milliseconds. */
  readonly arrivedAtMs: number;
  /** When the last body byte had arrived. */
  readonly readAtMs: number;
};

type Head = Omit<HttpRequest, 'body' | 'readAtMs'>;

const maxHeadBytes = 64 * 1024;

function parseHead(text: string): Head {
  const [requestLine = '', ...lines] = text.split('\r\n');
  const [method, target, version] = requestLine.split(' ');
  if (!method || !target || !version?.startsWith('HTTP/1.')) throw new BadRequest('not HTTP/1.1');
  const headers: Record<string, string> = {};
  for (const line of lines) {
    const colon = line.indexOf(':');
    if (colon <= 0) throw new BadRequest('header without a colon');
    headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
  }
  const question = target.indexOf('?');
  const path = question < 0 ? target : target.slice(0, question);
  const query = new URLSearchParams(question < 0 ? '' : target.slice(question + 1));
  return { method, path, query, headers, arrivedAtMs: nowMs() };
}

function bodyOf({ headers }: Head): BodyReader {
  if (headers['transfer-encoding']?.toLowerCase().includes('chunked')) return chunkedBody();
  return lengthBody(Number(headers['content-length'] ?? 0));
}

/** Turns the bytes of one connection into requests; throws {@link BadRequest} for anything else. */
interface RequestReader {
  /** Takes bytes and returns the next whole request, if there is one now. */
  feed(bytes: Buffer): HttpRequest | undefined;
}

/** A reader for one connection. `onExpectation` is called where the caller waits for a 100. */
export function createRequestReader(onExpectation: () => void): RequestReader {
  let rest: Buffer = Buffer.alloc(0);
  let head: Head | undefined;
  let body: BodyReader | undefined;

  function takeHead(): void {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0 && rest.length > maxHeadBytes) throw new BadRequest('head too large');
    if (end < 0) return;
    head = parseHead(rest.toString('latin1', 0, end));
    rest = rest.subarray(end + 4);
    body = bodyOf(head);
    if (head.headers.expect === '100-continue') onExpectation();
  }

  return {
    feed(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      if (!head) takeHead();
      if (!head || !body) return undefined;
      const behind = body.feed(rest);
      rest = behind ?? Buffer.alloc(0);
      if (!behind) return undefined;
      const request = { ...head, body: body.bytes(), readAtMs: nowMs() };
      head = undefined;
      body = undefined;
      return request;
    },
  };
}
