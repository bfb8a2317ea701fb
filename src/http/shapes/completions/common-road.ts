import { ApiError } from '../../../core/errors.ts';
import type { Ending, Reply } from '../../../core/provider.ts';
import type { TrailEntry } from '../../../core/trail.ts';

/** Who answered all prompts of one completion, and whom that took. */
export type CommonRoad = {
  /** Remembers a prompt's reply, and whom it took; an error tells of the prompts before as well. */
  seen(reply: Promise<Reply>): Promise<Reply>;
  /** As it stands: who answered the last prompt; each provider that failed once, the first time. */
  ending(): Ending;
};

/** Of a completion that nobody was asked for yet. */
export function commonRoad(): CommonRoad {
  const endings: (() => Ending)[] = [];
  let failed: readonly TrailEntry[] = [];

  function trail(): TrailEntry[] {
    const all = [...endings.flatMap((ending) => ending().trail), ...failed];
    const names = all.map(({ provider }) => provider);
    return all.filter(({ provider }, index) => names.indexOf(provider) === index);
  }

  return {
    seen: (pending) =>
      pending.then(
        (reply) => {
          endings.push((reply.kind === 'stream' && reply.ending) || (() => reply));
          return reply;
        },
        (error) => {
          if (error instanceof ApiError) {
            failed = error.trail;
            error.trail = trail();
          }
          throw error;
        },
      ),
    ending: () => ({ servedBy: endings.at(-1)?.().servedBy ?? '', trail: trail() }),
  };
}
