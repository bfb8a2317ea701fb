import { signal } from '@preact/signals';
import { CallError } from '../shared/call.ts';
import { readEvents } from '../shared/event-reader.ts';
import { callWithKey } from '../shared/key.ts';
import { type Board, boardOf, updated } from './board.ts';

/** How the page hears of the server. */
export type Hearing =
  | { readonly kind: 'connecting' }
  | { readonly kind: 'live' }
  /** Nobody looks at the page. */
  | { readonly kind: 'paused' }
  | { readonly kind: 'failed'; readonly message: string; readonly retryAt: number };

/** What is known; undefined until the first snapshot. */
export const board = signal<Board | undefined>(undefined);
export const hearing = signal<Hearing>({ kind: 'connecting' });

/** The server says something every five seconds. */
const SILENT_MS = 12_000;
const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 15_000;

/**
 * Listens for as long as somebody looks at the page, and connects anew after whatever ends it.
 *
 * @returns how to stop
 */
export function listen(): () => void {
  let attempt: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let pauseMs = FIRST_PAUSE_MS;

  function start(): void {
    clearTimeout(timer);
    attempt?.abort();
    attempt = undefined;
    if (document.visibilityState === 'hidden') {
      hearing.value = { kind: 'paused' };
      return;
    }
    hearing.value = { kind: 'connecting' };
    attempt = new AbortController();
    void hear(attempt);
  }

  async function hear(mine: AbortController): Promise<void> {
    try {
      await follow(mine, () => {
        pauseMs = FIRST_PAUSE_MS;
      });
      if (mine === attempt) again('The server has ended the feed.', pauseMs);
    } catch (error) {
      if (mine !== attempt) return;
      // The page asks for the new key.
      if (error instanceof CallError && error.status === 401) return;
      const { message, retryAfterMs } = failureOf(error);
      again(message, retryAfterMs ?? pauseMs);
    }
  }

  function again(message: string, inMs: number): void {
    pauseMs = Math.min(pauseMs * 2, LONGEST_PAUSE_MS);
    hearing.value = { kind: 'failed', message, retryAt: Date.now() + inMs };
    timer = setTimeout(start, inMs);
  }

  document.addEventListener('visibilitychange', start);
  addEventListener('online', start);
  start();
  return () => {
    document.removeEventListener('visibilitychange', start);
    removeEventListener('online', start);
    clearTimeout(timer);
    attempt?.abort();
    attempt = undefined;
  };
}

function failureOf(error: unknown): { message: string; retryAfterMs?: number | undefined } {
  if (error instanceof CallError) return error;
  return { message: 'The connection broke.' };
}

/** Follows one feed to its end. */
async function follow(controller: AbortController, onHeard: () => void): Promise<void> {
  let silence: ReturnType<typeof setTimeout> | undefined;
  const heard = () => {
    clearTimeout(silence);
    silence = setTimeout(() => controller.abort(), SILENT_MS);
  };
  try {
    heard();
    const { body } = await callWithKey('/api/live', { signal: controller.signal });
    if (!body) return;
    for await (const events of readEvents(body)) {
      heard();
      for (const each of events) {
        if (each.kind === 'comment') continue;
        if (each.event === 'end') return;
        take(each.event, each.data);
        onHeard();
      }
    }
  } finally {
    clearTimeout(silence);
  }
}

function take(name: string, data: string): void {
  // The server's own words; a test holds the types against its schemas.
  const told = JSON.parse(data);
  const now = Date.now();
  if (name === 'snapshot') board.value = boardOf(told, now);
  else if (name === 'update' && board.value) board.value = updated(board.value, told, now);
  hearing.value = { kind: 'live' };
}
