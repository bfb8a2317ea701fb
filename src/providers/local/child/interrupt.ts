import { getModuleVersion, type Llama } from 'node-llama-cpp';
import { type CpuDevice, cpuDevice } from './cpu-device.ts';

/**
 * What this was tried with. It reaches into llama.cpp's memory, and is used with nothing else:
 * with another release prompts go in small steps, until someone has compared the structures that
 * cpu-device.ts names, run the tests, and written the new numbers here.
 */
export const TRIED = { platform: 'linux-x64', library: '3.21.1', llamaCpp: 'v0.4.0' } as const;

/** Breaks evaluations off in their midst. */
export type Interrupt = {
  /** False where a signal is only heeded between two steps. */
  readonly works: boolean;
  /** Makes a context whose evaluations can be broken off. */
  reaching<T>(create: () => Promise<T>): Promise<T>;
  /**
   * Evaluates, and breaks off when the signal fires: that takes a few milliseconds, and the step
   * leaves nothing behind.
   */
  during(signal: AbortSignal, evaluate: () => Promise<void>): Promise<void>;
};

/** Lets every step come to its end. */
export const NO_INTERRUPT: Interrupt = {
  works: false,
  reaching: (create) => create(),
  during: (_signal, evaluate) => evaluate(),
};

/** Finds the way into llama.cpp that node-llama-cpp doesn't offer, where it was tried. */
export async function findInterrupt(llama: Llama): Promise<Interrupt> {
  const { platform, library, llamaCpp } = TRIED;
  const isTried =
    `${process.platform}-${process.arch}` === platform &&
    (await getModuleVersion()) === library &&
    llama.llamaCppRelease.release === llamaCpp;
  if (!isTried) return NO_INTERRUPT;
  try {
    const koffi = await import('koffi');
    return interruptBy(cpuDevice(koffi), abortFlag(koffi));
  } catch {
    // Not installed, or not as it was: small steps do as well, a little slower.
    return NO_INTERRUPT;
  }
}

/** A question that native code asks, and the byte that answers it. */
type AbortFlag = {
  readonly decide: bigint;
  readonly data: bigint;
  set(isAborted: boolean): void;
};

/**
 * llama.cpp asks on its own threads, after each operation, so that no JavaScript can answer. The C
 * library's `strlen` can: 0 for an empty text, 1 for one of one letter. The text stays where it is
 * for as long as the process lives.
 */
function abortFlag(koffi: typeof import('koffi')): AbortFlag {
  const data: bigint = koffi.address(koffi.alloc('char', 2));
  const letters = new Uint8Array(koffi.view(data, 2)).fill(0);
  return {
    decide: koffi.load(null).symbol('strlen'),
    data,
    set: (isAborted) => {
      letters[0] = isAborted ? 1 : 0;
    },
  };
}

/** One flag serves all contexts, since a process does one job at a time. */
function interruptBy(device: CpuDevice, flag: AbortFlag): Interrupt {
  return {
    works: true,
    async reaching(create) {
      const { made, backend } = await device.watched(create);
      if (backend !== undefined) device.setAbort(backend, flag.decide, flag.data);
      return made;
    },
    async during(signal, evaluate) {
      signal.throwIfAborted();
      const breakOff = () => flag.set(true);
      signal.addEventListener('abort', breakOff, { once: true });
      try {
        await evaluate();
      } finally {
        signal.removeEventListener('abort', breakOff);
        flag.set(false);
      }
    },
  };
}
