import { LRUCache } from 'lru-cache';
import type { ChatEvent, ChatRequest } from '../core/chat.ts';
import { passing } from '../core/passing.ts';
import type { Layer, Provider, Reply, StreamReply } from '../core/provider.ts';
import { cacheKey } from './cache-key.ts';

type Options = {
  readonly ttlMs: number;
  readonly maxBytes: number;
};

/** Kept answers. */
export type AnswerCache = {
  readonly layer: Layer;
  /** Forgets everything, also what is being asked for right now. */
  clear(): void;
};

/** An answer as it is kept: the bytes of a whole one, or the events of a streamed one. */
type Kept = {
  readonly reply: Reply;
  readonly events: readonly ChatEvent[];
  readonly bytes: number;
};

/** A caller that leaves gives its place to the next; an answer that can't be kept sends all on. */
type Landing = 'kept' | 'not kept' | 'left';

/** Beside an answer's own bytes: its parsed events, head and key. */
const OVERHEAD_BYTES = 1_024;

/** So long the others wait for a stream that doesn't go on: its reader may be a slow one, or never read. */
const PATIENCE_MS = 2_000;

/** One answer may take this share of all memory for answers. */
const LARGEST_SHARE = 0.25;

/**
 * Answers exact repeats of determined requests from memory. Simultaneous repeats ask once: the
 * others wait for the first. Only whole answers of the very model that was asked are kept: never a
 * fallback's, a rescued or a shortened one.
 */
export function answerCache({ ttlMs, maxBytes }: Options): AnswerCache {
  const kept = new LRUCache<string, Kept>({
    maxSize: maxBytes,
    maxEntrySize: Math.ceil(maxBytes * LARGEST_SHARE),
    sizeCalculation: ({ bytes }) => bytes,
    ttl: ttlMs,
  });
  /** Requests that are being asked, and what becomes of each. */
  const flights = new Map<string, Promise<Landing>>();
  let age = 0;

  async function answer(
    key: string,
    request: ChatRequest,
    inner: Provider,
    signal: AbortSignal,
  ): Promise<Reply> {
    let isAlone = false;
    for (;;) {
      const found = kept.get(key);
      if (found) return replayed(found, request);
      const flight: Promise<Landing> | undefined = isAlone ? undefined : flights.get(key);
      if (!flight) return ask(key, request, inner, signal);
      // If the first one's answer can't be kept, nobody waits in line for a second one.
      isAlone = (await untilAborted(flight, signal)) === 'not kept';
    }
  }

  async function ask(
    key: string,
    request: ChatRequest,
    inner: Provider,
    signal: AbortSignal,
  ): Promise<Reply> {
    const mine = age;
    let land: (landing: Landing) => void = () => undefined;
    const flight = new Promise<Landing>((resolve) => {
      land = resolve;
    });
    flights.set(key, flight);
    const leave = (landing: Landing) => {
      if (flights.get(key) === flight) flights.delete(key);
      land(landing);
    };
    const end = (reply?: Reply, events: readonly ChatEvent[] = []) => {
      const entry = reply && mine === age ? keepable(reply, events) : undefined;
      if (entry) kept.set(key, entry);
      leave(kept.has(key) ? 'kept' : signal.aborted ? 'left' : 'not kept');
    };
    request.tally?.note({ cache: 'miss' });
    try {
      const reply = await inner.chat(request, signal);
      const headers = { ...reply.headers, 'x-cache': 'miss' };
      if (reply.kind === 'whole') {
        end(reply);
        return { ...reply, headers };
      }
      signal.addEventListener('abort', () => end(), { once: true });
      const recording = { mostBytes: maxBytes * LARGEST_SHARE, end, slow: () => leave('not kept') };
      return { ...reply, headers, events: recorded(reply, recording) };
    } catch (error) {
      end();
      throw error;
    }
  }

  return {
    layer: (inner) => ({
      chat: async (request, signal) => {
        const key = cacheKey(request);
        return key === undefined
          ? inner.chat(request, signal)
          : answer(key, request, inner, signal);
      },
    }),
    clear: () => {
      age += 1;
      kept.clear();
      flights.clear();
    },
  };
}

type Recording = {
  readonly mostBytes: number;
  readonly end: (reply?: Reply, events?: readonly ChatEvent[]) => void;
  /** Told when nothing has gone by for a while. */
  readonly slow: () => void;
};

/** Keeps the events of a stream that goes by, as long as they aren't too many. */
function recorded(
  reply: StreamReply,
  { mostBytes, end, slow }: Recording,
): AsyncIterable<ChatEvent> {
  const events: ChatEvent[] = [];
  const patience = setTimeout(slow, PATIENCE_MS).unref();
  let bytes = 0;
  return passing(reply.events, {
    seen: (event) => {
      patience.refresh();
      bytes += event.raw.length;
      if (bytes <= mostBytes) events.push(event);
    },
    ended: (how) => {
      clearTimeout(patience);
      if (how === 'done' && bytes <= mostBytes) end(reply, events);
      else end();
    },
  });
}

function keepable(reply: Reply, events: readonly ChatEvent[]): Kept | undefined {
  const { trail } = reply.kind === 'stream' ? (reply.ending?.() ?? reply) : reply;
  const names = Object.keys(reply.headers);
  const isOther = trail.length > 0 || names.includes('x-model-replaced');
  if (isOther || names.includes('x-max-tokens-clamped')) return undefined;
  const isSet = names.includes('x-max-tokens');
  if (reply.kind === 'whole') {
    const isCut =
      isSet && /"finish_reason"\s*:\s*"length"/.test(Buffer.from(reply.body).toString());
    if (isCut) return undefined;
    // The caller's own lies in memory that is lent for as long as it is written.
    const own = { ...reply, body: Buffer.from(reply.body) };
    return { reply: own, events, bytes: own.body.length + OVERHEAD_BYTES };
  }
  const isCut = events.some(({ chunk }) =>
    chunk.choices.some(({ finish_reason }) => finish_reason === 'length'),
  );
  // An event's chunk takes about three times its bytes once it is parsed.
  const bytes = events.reduce((sum, { raw }) => sum + raw.length * 4, OVERHEAD_BYTES);
  return isSet && isCut ? undefined : { reply, events, bytes };
}

/** The provider's limits of back then are of no use to anybody. */
function replayed({ reply, events }: Kept, request: ChatRequest): Reply {
  request.tally?.note({ cache: 'hit' });
  const kept = Object.entries(reply.headers).filter(([name]) => !name.startsWith('x-ratelimit-'));
  const headers = { ...Object.fromEntries(kept), 'x-cache': 'hit' };
  if (reply.kind === 'whole') return { ...reply, headers };
  return { ...reply, headers, events: eachOf(events) };
}

async function* eachOf(events: readonly ChatEvent[]): AsyncGenerator<ChatEvent, void, void> {
  yield* events;
}

async function untilAborted<T>(promise: Promise<T>, signal: AbortSignal): Promise<T> {
  if (signal.aborted) throw signal.reason;
  let hangUp = () => undefined as unknown;
  const gone = new Promise<never>((_, reject) => {
    hangUp = () => reject(signal.reason);
    signal.addEventListener('abort', hangUp, { once: true });
  });
  try {
    return await Promise.race([promise, gone]);
  } finally {
    signal.removeEventListener('abort', hangUp);
  }
}
