import { type ChildProcess, fork } from 'node:child_process';
import type { FromChild, ToChild } from './protocol.ts';

/** How a child ended: by itself with a code, or by a signal. */
export type Exit = {
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
  /** The last it wrote to stderr, where native code leaves its final words. */
  readonly lastWords: string;
};

export type Child = {
  readonly pid: number | undefined;
  send(order: ToChild): void;
  /** Ends it at once, also when it is stopped or stuck in native code. */
  kill(): void;
};

type Options = {
  /** Whether large blocks of memory are to lie on huge pages, where the kernel has some. */
  readonly hugePages: boolean;
  onReport(report: FromChild): void;
  /** Called once, whatever happens. */
  onExit(exit: Exit): void;
};

const LAST_WORDS_BYTES = 2048;

const ENVIRONMENT = {
  ...{ MALLOC_ARENA_MAX: '1', MALLOC_TRIM_THRESHOLD_: '131072' },
  UV_THREADPOOL_SIZE: '1',
};
const HUGE_PAGES = { GLIBC_TUNABLES: 'glibc.malloc.hugetlb=1' };

/** Where Node keeps what it compiled, a variable of Node's own: as for the server, so for its child. */
const COMPILED = 'NODE_COMPILE_CACHE';

/**
 * Starts the process that holds the model. It gets none of our environment (no secret has business
 * there) but one folder's name, an allocator that gives memory back, and a small heap: the weights live
 * outside of it.
 */
export function spawnChild(childPath: string, { hugePages, onReport, onExit }: Options): Child {
  const child = fork(childPath, [], {
    env: environmentWith(hugePages),
    execArgv: ['--max-old-space-size=96', '--max-semi-space-size=1'],
    stdio: ['ignore', 'ignore', 'pipe', 'ipc'],
    serialization: 'json',
  });
  const lastWords = keepLastWords(child);
  let ended = false;

  function end(code: number | null, signal: NodeJS.Signals | null): void {
    if (ended) return;
    ended = true;
    onExit({ code, signal, lastWords: lastWords() });
  }

  // JSON from our own child, in the shape of protocol.ts.
  child.on('message', (report) => onReport(report as FromChild));
  child.once('exit', end);
  // The executable is missing, or the channel broke: the exit may never be told.
  child.on('error', () => {
    child.kill('SIGKILL');
    end(null, null);
  });

  return {
    pid: child.pid,
    send: (order) => {
      if (child.connected) child.send(order, () => {});
    },
    kill: () => void child.kill('SIGKILL'),
  };
}

function environmentWith(hugePages: boolean): NodeJS.ProcessEnv {
  const folder = process.env[COMPILED];
  return {
    ...ENVIRONMENT,
    ...(hugePages ? HUGE_PAGES : {}),
    ...(folder === undefined ? {} : { [COMPILED]: folder }),
  };
}

function keepLastWords({ stderr }: ChildProcess): () => string {
  let words = '';
  stderr?.setEncoding('utf8');
  stderr?.on('data', (text: string) => {
    words = (words + text).slice(-LAST_WORDS_BYTES);
  });
  return () => words.trim();
}
