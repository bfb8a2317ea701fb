import { signal } from '@preact/signals';

/**
 * How the page stands to its server, as the last request found out. Only where one has failed is the
 * browser believed that it is offline: a server on this very machine answers without any network.
 */
export const connection = signal<'online' | 'offline' | 'unreachable'>('online');

const PROBE_MS = 3_000;
let probe: ReturnType<typeof setTimeout> | undefined;

/** A request has found nobody: the server is asked again until it answers. */
export function serverIsSilent(): void {
  connection.value = navigator.onLine ? 'unreachable' : 'offline';
  clearTimeout(probe);
  probe = setTimeout(() => void ask(), PROBE_MS);
}

/** An answer has come, whatever it says. */
export function serverIsThere(): void {
  clearTimeout(probe);
  connection.value = 'online';
  // Perhaps its last word: a browser that says it is offline is asked about again.
  if (!navigator.onLine) probe = setTimeout(() => void ask(), PROBE_MS);
}

async function ask(): Promise<void> {
  try {
    await fetch('/health', { cache: 'no-store' });
    serverIsThere();
  } catch {
    serverIsSilent();
  }
}

addEventListener('offline', () => void ask());
addEventListener('online', () => void ask());
