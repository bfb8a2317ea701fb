import { open } from 'node:fs/promises';
import { keepPlace } from './place.ts';
import type { ProgressMeter } from './progress.ts';

/** A failed download, in a sentence for the operator. */
export class PullError extends Error {
  /** Whether trying again would be of no use. */
  readonly isFinal: boolean;

  constructor(message: string, { isFinal, cause }: { isFinal: boolean; cause?: unknown }) {
    super(message, { cause });
    this.name = 'PullError';
    this.isFinal = isFinal;
  }
}

export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

/** How much of the file is there, and the server's mark of which file it is. */
export type Resumed = { readonly bytes: number; readonly tag: string | undefined };

type Options = {
  readonly url: string;
  readonly partPath: string;
  readonly place: Resumed;
  readonly bytes: number | undefined;
  readonly signal: AbortSignal;
  readonly fetch: Fetch;
  readonly meter: ProgressMeter;
};

/**
 * Fetches the file, or what is missing of it; resolves when the server says that it is whole, with how
 * many bytes it then has, where the server says that too.
 */
export async function download(options: Options): Promise<number | undefined> {
  const { url, partPath, place, signal, fetch, meter } = options;
  const response = await fetch(url, { headers: rangeHeaders(place), signal }).catch(unreachable);
  if (isComplete(response, place)) return place.bytes;
  const start = startOf(response, place);
  const total = totalOf(response, start);
  refuseOtherSize(total, options.bytes);
  await keepPlace(partPath, { url, tag: response.headers.get('etag') ?? undefined });
  meter.start(start, total);
  await store(response, partPath, start, meter);
  if (total !== undefined && meter.done() < total) {
    throw brokenOff();
  }
  return total;
}

/**
 * Writes each piece before the next is asked for, so that a break loses nothing that came; and each at
 * its own place, so that two who fetch the same file at once don't spoil it.
 */
async function store(
  { body }: Response,
  partPath: string,
  start: number,
  meter: ProgressMeter,
): Promise<void> {
  if (!body) throw new PullError('The server sent nothing.', { isFinal: false });
  const file = await open(partPath, start > 0 ? 'r+' : 'w');
  let at = start;
  try {
    for await (const piece of piecesOf(body)) {
      for (let done = 0; done < piece.length; ) {
        const { bytesWritten } = await file.write(piece, done, piece.length - done, at);
        done += bytesWritten;
        at += bytesWritten;
      }
      meter.add(piece.length);
    }
  } finally {
    await file.close();
  }
}

/** What comes over the wire; its failure is told from one of the disk. */
async function* piecesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<Uint8Array> {
  try {
    yield* body;
  } catch (cause) {
    throw brokenOff(cause);
  }
}

function brokenOff(cause?: unknown): PullError {
  return new PullError('The download broke off.', { isFinal: false, cause });
}

function rangeHeaders({ bytes, tag }: Resumed): Record<string, string> {
  // Packed, the file would have other places and another size.
  const plain = { 'accept-encoding': 'identity' };
  if (bytes === 0) return plain;
  return { ...plain, range: `bytes=${bytes}-`, ...(tag ? { 'if-range': tag } : {}) };
}

/** A server that is asked for what comes after the last byte says 416. */
function isComplete({ status, headers }: Response, { bytes }: Resumed): boolean {
  return status === 416 && headers.get('content-range') === `bytes */${bytes}`;
}

/** Where the body begins: at the place we asked for, or anew when the file is another one now. */
function startOf(response: Response, { bytes }: Resumed): number {
  const { status } = response;
  if (status === 200) return 0;
  const from = /^bytes (\d+)-/.exec(response.headers.get('content-range') ?? '')?.[1];
  if (status === 206 && Number(from) === bytes) return bytes;
  const isFinal = status >= 400 && status < 500 && status !== 408 && status !== 429;
  throw new PullError(`The server answered ${status}${hintOf(status)}.`, { isFinal });
}

function hintOf(status: number): string {
  if (status === 401 || status === 403) return ': the model needs a licence to be accepted there';
  return status === 404 ? ': there is no such file' : '';
}

function totalOf({ headers }: Response, start: number): number | undefined {
  const length = headers.get('content-length');
  return length === null ? undefined : start + Number(length);
}

function refuseOtherSize(total: number | undefined, expected: number | undefined): void {
  if (total === undefined || expected === undefined || total === expected) return;
  throw new PullError(`The file has ${total} bytes there, and should have ${expected}.`, {
    isFinal: true,
  });
}

function unreachable(cause: unknown): never {
  throw new PullError('The server could not be reached.', { isFinal: false, cause });
}
