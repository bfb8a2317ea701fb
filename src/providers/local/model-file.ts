import { closeSync, openSync, readSync, statSync } from 'node:fs';
import { open } from 'node:fs/promises';
import { BadGguf } from './bad-gguf.ts';
import { type GgufHeader, readGgufHeader } from './gguf.ts';
import { fittingContext, memoryNeed, modelThatFits } from './memory-need.ts';

/** A file that can be loaded, as far as its header tells. */
export type Usable = {
  readonly kind: 'usable';
  readonly header: GgufHeader;
  /** The context that fits. */
  readonly contextSize: number;
  readonly needBytes: number;
  /** What is left beside it. */
  readonly roomBytes: number;
  readonly identity: string;
};

/** What is known of the model's file without loading it. */
export type Inspection =
  | Usable
  | { readonly kind: 'unusable'; readonly reason: string; readonly identity: string };

export type ModelFile = {
  /** Reads the header, unless the very same file was read before. */
  inspect(): Promise<Inspection>;
  /** What is known of the file as it is now, without waiting; if nothing is, it is looked at. */
  known(): Inspection | undefined;
  /** What is known at once: at most four bytes are read. */
  seemsUsable(): boolean;
  /** Changes whenever the file is replaced, changed or deleted. */
  identity(): string;
};

type Options = {
  readonly path: string;
  readonly contextSize: number;
  /** How much memory the model may take just now. */
  readonly budgetBytes: () => number;
};

/** What a file says of itself; whether that fits is another question each time. */
type Read = { readonly identity: string } & (
  | { readonly kind: 'read'; readonly header: GgufHeader }
  | { readonly kind: 'unreadable'; readonly reason: string }
);

/** The identity of a file that isn't there. */
export const MISSING = 'missing';

/** Watches over one model file. */
export function modelFile({ path, contextSize, budgetBytes }: Options): ModelFile {
  let known: Read | undefined;
  let reading: { identity: string; result: Promise<Read> } | undefined;

  async function inspect(): Promise<Inspection> {
    const identity = identityOf(path);
    if (known?.identity === identity) return judged(known);
    if (reading?.identity !== identity) {
      reading = { identity, result: readFile(path, identity) };
    }
    known = await reading.result;
    return judged(known);
  }

  /** What memory there is changes with what the server itself takes. */
  function judged(read: Read): Inspection {
    const { identity } = read;
    if (read.kind === 'unreadable') return { kind: 'unusable', reason: read.reason, identity };
    const { header } = read;
    const budget = budgetBytes();
    const fitting = fittingContext(header, contextSize, budget);
    if (fitting === undefined)
      return { kind: 'unusable', reason: tooBig(header, budget), identity };
    const needBytes = memoryNeed(header, fitting);
    const roomBytes = budget - needBytes;
    return { kind: 'usable', header, contextSize: fitting, needBytes, roomBytes, identity };
  }

  function current(): Inspection | undefined {
    if (known?.identity === identityOf(path)) return judged(known);
    void inspect();
    return undefined;
  }

  return {
    inspect,
    known: current,
    seemsUsable() {
      const inspection = current();
      return inspection ? inspection.kind === 'usable' : hasMagic(path);
    },
    identity: () => identityOf(path),
  };
}

function identityOf(path: string): string {
  try {
    const { dev, ino, size, mtimeMs, ctimeMs } = statSync(path);
    return [dev, ino, size, mtimeMs, ctimeMs].join(':');
  } catch {
    return MISSING;
  }
}

function hasMagic(path: string): boolean {
  const start = Buffer.alloc(4);
  try {
    const file = openSync(path, 'r');
    try {
      return readSync(file, start) === 4 && start.toString('latin1') === 'GGUF';
    } finally {
      closeSync(file);
    }
  } catch {
    return false;
  }
}

async function readFile(path: string, identity: string): Promise<Read> {
  try {
    return { kind: 'read', header: await headerOf(path), identity };
  } catch (error) {
    return { kind: 'unreadable', reason: whyNot(error), identity };
  }
}

async function headerOf(path: string): Promise<GgufHeader> {
  const file = await open(path, 'r');
  try {
    const stats = await file.stat();
    if (!stats.isFile()) throw new BadGguf('it is not a file');
    return await readGgufHeader(file, stats.size);
  } finally {
    await file.close();
  }
}

function whyNot(error: unknown): string {
  if (error instanceof BadGguf) {
    return `The local model's file can't be used: ${error.message}. Replace it, or choose another.`;
  }
  const code = error instanceof Error && 'code' in error ? error.code : undefined;
  if (code === 'ENOENT' || code === 'ENOTDIR') {
    return "The local model's file is missing. Put it back, or choose another model.";
  }
  if (code === 'EACCES' || code === 'EPERM') {
    return "The local model's file may not be read by this server. Check its permissions.";
  }
  return "The local model's file can't be read. Check the disk, or choose another model.";
}

function tooBig(header: GgufHeader, budget: number): string {
  const need = megabytes(memoryNeed(header, Math.min(256, header.trainContext)));
  return (
    `The local model needs at least ${need} MB of memory, and ${megabytes(budget)} MB are left ` +
    `for it. Allow more, or use a smaller one, such as ${modelThatFits(budget)}.`
  );
}

function megabytes(bytes: number): number {
  return Math.max(0, Math.round(bytes / 2 ** 20));
}
