import { readFileSync } from 'node:fs';
import { uptime } from 'node:os';

/** How long the machine has run, and which of its starts that was. */
export type BootTime = { readonly id: string; readonly uptime_ms: number };

/**
 * Time that no one can set: it tells how long a process was away even where the wall clock jumped
 * meanwhile. Undefined where the system doesn't tell its starts apart.
 */
export function bootTime(): BootTime | undefined {
  try {
    const id = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return { id, uptime_ms: Math.round(uptime() * 1000) };
  } catch {
    return undefined;
  }
}
