import childProcess from 'node:child_process';
import { EventEmitter } from 'node:events';
import { syncBuiltinESMExports } from 'node:module';

/**
 * Lets the library load its binary without trying it first in a process of its own. That trial
 * protects a caller from a binary that crashes; this process is only there to be crashed, and the
 * trial would cost half of a cold start. The library has no setting for it, so that its call of
 * `fork` is answered here (node-llama-cpp 3.21.1, `testBindingBinary`).
 */
export async function withoutTrial<T>(load: () => Promise<T>): Promise<T> {
  const { fork } = childProcess;
  replaceFork(passedTrial);
  try {
    return await load();
  } finally {
    replaceFork(fork);
  }
}

function replaceFork(fork: unknown): void {
  Object.assign(childProcess, { fork });
  syncBuiltinESMExports();
}

/** What a trial process says when all goes well. */
function passedTrial(): EventEmitter {
  const trial = new EventEmitter();
  const say = (type: string) => setImmediate(() => trial.emit('message', { type }));
  const send = ({ type }: { type: string }) => {
    if (type === 'start') say('loaded');
    if (type === 'test') say('done');
    if (type === 'exit') setImmediate(() => trial.emit('exit', 0));
  };
  say('ready');
  return Object.assign(trial, { send, kill: () => true, killed: false, exitCode: null });
}
