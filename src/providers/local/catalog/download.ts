import { createWriteStream } from 'node:fs';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
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

/** Fetches the file, or what is missing of it; resolves when the server says that it is whole. */
export async function download(options: Options): Promise<void> {
  const { url, partPath, place, signal, fetch, meter } = options;
  const response = await fetch(url, { headers: rangeHeaders(place), signal }).catch(unreachable);
  if (isComplete(response, place)) return;
  const start = startOf(response, place);
  const total = totalOf(response, start);
  refuseOtherSize(total, options.bytes);
  await keepPlace(partPath, { url, tag: response.headers.get('etag') ?? undefined });
  meter.start(start, total);
  if (!response.body) throw new PullError('The server sent nothing.', { isFinal: false });
  // The DOM's stream type and Node's are the same thing under two names.
  const body = Readable.fromWeb(response.body as import('node:stream/web').ReadableStream);
  body.on('data', (chunk: Buffer) => meter.add(chunk.length));
  const file = createWriteStream(partPath, { flags: start > 0 ? 'a' : 'w' });
  await pipeline(body, file, { signal });
  if (total !== undefined && meter.done() < total) {
    throw new PullError('The download broke off.', { isFinal: false });
  }
}

function rangeHeaders({ bytes, tag }: Resumed): Record<string, string> {
  if (bytes === 0) return {};
  return { range: `bytes=${bytes}-`, ...(tag ? { 'if-range': tag } : {}) };
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
