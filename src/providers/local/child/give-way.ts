import { readdirSync, readFileSync } from 'node:fs';
import { access } from 'node:fs/promises';
import { constants, setPriority } from 'node:os';

/** So often the pool's thread goes to sleep and wakes while it is looked for; others hardly do. */
const CALLS = 8;

/**
 * Lets everybody else have the CPU first, and yet hears at once of a cancel: the pool's one thread, which
 * evaluates, becomes the least important, and this one stays as it is. At the lowest priority it would
 * wait for its turn behind whoever else wants the CPU, for a tenth of a second and more. Linux knows
 * priorities of threads; elsewhere the whole process gives way. Threads that llama.cpp starts
 * inherit the pool's.
 */
export async function giveWay(): Promise<void> {
  // Where the kernel doesn't tell of threads, as where there is none of the kind.
  const thread = await poolThread().catch(() => undefined);
  setPriority(thread ?? process.pid, constants.priority.PRIORITY_LOW);
}

/** The number of the thread that does the pool's work; nobody tells it, so some is given to it. */
async function poolThread(): Promise<number | undefined> {
  if (process.platform !== 'linux') return undefined;
  const before = sleeps();
  for (let call = 0; call < CALLS; call += 1) await access('/');
  const slept = [...sleeps()].map(([thread, times]) => ({
    thread,
    times: times - (before.get(thread) ?? 0),
  }));
  const [most] = slept
    .filter(({ thread }) => thread !== process.pid)
    .sort((one, other) => other.times - one.times);
  return most && most.times >= CALLS - 1 ? most.thread : undefined;
}

/** How often each thread went to sleep so far. */
function sleeps(): Map<number, number> {
  const threads = readdirSync('/proc/self/task');
  return new Map(threads.map((thread) => [Number(thread), sleepsOf(thread)]));
}

function sleepsOf(thread: string): number {
  const status = readFileSync(`/proc/self/task/${thread}/status`, 'utf8');
  return Number(/^voluntary_ctxt_switches:\s+(\d+)/m.exec(status)?.[1] ?? 0);
}
