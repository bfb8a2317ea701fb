import { randomUUID } from 'node:crypto';
import { rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { LlamaContextSequence, Token } from 'node-llama-cpp';

/** The evaluated states of recent chats, put aside while another chat has the sequence. */
export type States = {
  /** Puts the present chat aside if it is worth it, and fetches a better beginning if one is there. */
  swap(sequence: LlamaContextSequence, wanted: readonly Token[]): Promise<void>;
};

type Saved = { readonly tokens: readonly Token[]; readonly path: string; readonly bytes: number };

/** Fewer tokens than this are evaluated sooner than they are fetched. */
const WORTH_KEEPING = 32;

/** Keeps nothing. */
export const NO_STATES: States = { swap: async () => {} };

/**
 * Keeps states in files of this process alone; a state never meets another model, whose process is
 * another one.
 *
 * @param maxBytes how much all kept states may take together; the least recently used go first
 */
export function savedStates({ folder, maxBytes }: { folder: string; maxBytes: number }): States {
  let saved: Saved[] = [];
  /** Known once something was saved; writing what can't stay would take long for nothing. */
  let tokenBytes = 0;

  async function swap(sequence: LlamaContextSequence, wanted: readonly Token[]): Promise<void> {
    if (sequence.needsCheckpoints) return;
    const present = sequence.contextTokens;
    const common = commonLength(present, wanted);
    const better = bestOf(saved, wanted, common + WORTH_KEEPING);
    if (present.length - common >= WORTH_KEEPING) await putAside(sequence, present);
    if (better) await fetchBack(sequence, better);
  }

  async function putAside(sequence: LlamaContextSequence, tokens: readonly Token[]): Promise<void> {
    if (tokens.length * tokenBytes > maxBytes) return;
    const path = join(folder, randomUUID());
    const bytes = await savedBytes(sequence, path);
    if (bytes === undefined) return;
    tokenBytes = bytes / tokens.length;
    // All others would have to go, and this one after them.
    if (bytes > maxBytes) return rm(path, { force: true });
    // A chat that has grown takes the place of its own beginning.
    await forget(saved.filter((old) => commonLength(old.tokens, tokens) === old.tokens.length));
    saved.push({ tokens, path, bytes });
    await forget(surplus(saved, maxBytes));
  }

  async function fetchBack(sequence: LlamaContextSequence, state: Saved): Promise<void> {
    if (!saved.includes(state)) return;
    try {
      await sequence.loadStateFromFile(state.path, { acceptRisk: true });
      saved = [...saved.filter((other) => other !== state), state];
    } catch {
      await forget([state]);
      await sequence.clearHistory();
    }
  }

  async function forget(states: readonly Saved[]): Promise<void> {
    saved = saved.filter((state) => !states.includes(state));
    await Promise.all(states.map(({ path }) => rm(path, { force: true })));
  }

  return { swap };
}

/** Undefined where the disk is full or gone: the chat is evaluated anew another time. */
async function savedBytes(
  sequence: LlamaContextSequence,
  path: string,
): Promise<number | undefined> {
  try {
    return (await sequence.saveStateToFile(path)).fileSize;
  } catch {
    await rm(path, { force: true });
    return undefined;
  }
}

/** How many tokens two lists have in common from the start. */
export function commonLength(a: readonly Token[], b: readonly Token[]): number {
  let length = 0;
  while (length < a.length && length < b.length && a[length] === b[length]) length += 1;
  return length;
}

function bestOf(saved: readonly Saved[], wanted: readonly Token[], least: number) {
  let best: Saved | undefined;
  let most = least - 1;
  for (const state of saved) {
    const common = commonLength(state.tokens, wanted);
    if (common > most) [best, most] = [state, common];
  }
  return best;
}

/** What must go so that the rest fits; the list has the least recently used first. */
function surplus(saved: readonly Saved[], maxBytes: number): Saved[] {
  let total = saved.reduce((sum, { bytes }) => sum + bytes, 0);
  return saved.filter(({ bytes }) => {
    if (total <= maxBytes) return false;
    total -= bytes;
    return true;
  });
}
