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
  await store(response, partPath, start, meter);
  if (total !== undefined && meter.done() < total) {
    throw new PullError('The download broke off.', { isFinal: false });
  }
}

/** Writes each piece before the next is asked for, so that a break loses nothing that came. */
async function store(
  { body }: Response,
  partPath: string,
  start: number,
  meter: ProgressMeter,
): Promise<void> {
  if (!body) throw new PullError('The server sent nothing.', { isFinal: false });
  const file = await open(partPath, start > 0 ? 'a' : 'w');
  try {
    for await (const piece of body) {
      await file.appendFile(piece);
      meter.add(piece.length);
    }
  } finally {
    await file.close();
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
