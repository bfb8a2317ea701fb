import { rmSync } from 'node:fs';
import * as modules from 'node:module';
import type { FromChild, ToChild } from '../protocol.ts';
import { type Engine, loadEngine } from './engine.ts';
import { giveWay } from './give-way.ts';

/**
 * The process that holds the model: takes orders from its parent by IPC, one job at a time, and
 * ends with it. Everything native happens here, so that a crash stays here.
 */
let engine: Engine | undefined;
let stateFolder: string | undefined;
let current: { readonly id: number; readonly controller: AbortController } | undefined;

function tell(report: FromChild): void {
  // A parent that was killed meanwhile is noticed below; nobody hears of a report that is lost.
  if (process.connected) process.send?.(report, undefined, undefined, () => {});
}

async function load(order: Extract<ToChild, { kind: 'load' }>): Promise<void> {
  stateFolder = order.stateFolder;
  try {
    await giveWay();
    engine = await loadEngine(order, () => tell({ kind: 'alive' }));
    tell(engine.loaded);
    keepCompiled();
  } catch (error) {
    tell({ kind: 'unloadable', reason: reasonOf(error) });
  }
}

/**
 * Where `NODE_COMPILE_CACHE` names a folder, Node keeps there what it compiled, as a process ends: this
 * one is killed. Node 22 and newer; on older ones the types, and the function, are missing.
 */
function keepCompiled(): void {
  const { flushCompileCache } = modules as { flushCompileCache?: () => void };
  flushCompileCache?.();
}

async function work(job: Exclude<ToChild, { kind: 'load' | 'cancel' }>): Promise<void> {
  const { id } = job;
  const controller = new AbortController();
  current = { id, controller };
  tell({ kind: 'accepted', id });
  try {
    if (!engine) throw new Error('a job came before the model was loaded');
    tell(await engine.run(job, tell, controller.signal));
  } catch (error) {
    tell(
      controller.signal.aborted
        ? { kind: 'cancelled', id }
        : { kind: 'failed', id, reason: reasonOf(error) },
    );
  } finally {
    current = undefined;
  }
}

function obey(order: ToChild): Promise<void> | void {
  if (order.kind === 'load') return load(order);
  if (order.kind !== 'cancel') return work(order);
  if (current?.id === order.id) current.controller.abort();
}

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

process.on('message', (order: ToChild) => void obey(order));
process.on('disconnect', () => {
  if (stateFolder) rmSync(stateFolder, { recursive: true, force: true });
  // Leaving by itself, it would wait for native work, which may wait for us.
  process.kill(process.pid, 'SIGKILL');
});
// A Ctrl-C reaches the whole group; the parent still lets streams finish and then ends this.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => {});
