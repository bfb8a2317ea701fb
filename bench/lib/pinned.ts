import { spawnSync } from 'node:child_process';
import { availableParallelism } from 'node:os';

/** What runs a program: its name and arguments follow. */
export type Pinned = readonly string[];

const canPin = availableParallelism() > 1 && spawnSync('taskset', ['--version']).status === 0;

function onCpu(cpu: number): Pinned {
  return canPin ? ['taskset', '-c', String(cpu)] : [];
}

/** Puts all threads of this process where `pinned` says. */
export function pinThisProcess(pinned: Pinned): void {
  const [program, , cpu] = pinned;
  if (program && cpu) spawnSync(program, ['-a', '-c', '-p', cpu, String(process.pid)]);
}

/** For the peer that is measured: a CPU of its own, where there are two and `taskset`. */
export const PEER_CPU = onCpu(0);

/** For what asks the peer and what it asks: the load and the upstream. */
export const LOAD_CPU = onCpu(1);
