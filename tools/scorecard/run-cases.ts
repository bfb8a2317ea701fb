import type { Case, Mode } from './cases.ts';
import { hear } from './hear.ts';
import { gapsIn, judge, sharesOf, type Verdict } from './judge.ts';
import { post, requestFor, seenOf, type Target } from './target.ts';

/** One line of the scorecard. */
export type Score = {
  /** Its number in the list of faults; 0 for harmless behaviour. */
  readonly number: number;
  readonly name: string;
  readonly verdict: Verdict;
  /** On the faulty model, and on others. */
  readonly attempts: string;
  readonly gapsMs: readonly number[];
  readonly tookMs: number;
  readonly sentence: string;
};

type Played = { readonly each: Case; readonly mode: Mode };

/**
 * Plays all cases, a few at a time, first streamed, then whole; those that script the fallback one
 * after the other. The lab forgets in between what it played, so that a fault that comes once comes
 * in both modes.
 */
export async function runCases(
  target: Target,
  cases: readonly Case[],
  numberOf: (fault: string) => number,
  atOnce = 4,
): Promise<Score[]> {
  const scores: Score[] = [];
  for (const mode of ['stream', 'whole'] as const) {
    const all = cases.filter(({ modes }) => modes.includes(mode)).map((each) => ({ each, mode }));
    const free = all.filter(({ each }) => !each.fallback);
    await target.lab.reset();
    scores.push(...(await inParallel(free, atOnce, (one) => play(target, one, numberOf))));
    for (const one of all.filter(({ each }) => each.fallback)) {
      await target.lab.reset();
      await target.lab.script(target.fallback, [one.each.fallback ?? 'healthy']);
      scores.push(await play(target, one, numberOf));
    }
  }
  await target.lab.reset();
  return scores;
}

async function play(
  target: Target,
  { each, mode }: Played,
  numberOf: (fault: string) => number,
): Promise<Score> {
  const { prompt, body } = requestFor(target, each, mode);
  const heard = await hear((signal) => post(target, body, signal), target.limitMs);
  const attempts = await seenOf(target, prompt);
  const expected = await target.lab.expected(prompt);
  const { expect } = each;
  const { verdict, sentence } = judge({ mode, expect, heard, attempts, expected });
  const { primary, fallback } = sharesOf(attempts);
  return {
    number: each.fallback ? 14 : numberOf(each.fault),
    name: `${each.fault}${each.fallback ? `, then ${each.fallback}` : ''} (${mode})`,
    verdict,
    attempts: fallback.length > 0 ? `${primary.length} + ${fallback.length}` : `${primary.length}`,
    gapsMs: gapsIn(attempts).map(Math.round),
    tookMs: Math.round(heard.tookMs),
    sentence,
  };
}

async function inParallel<In, Out>(
  items: readonly In[],
  atOnce: number,
  work: (item: In) => Promise<Out>,
): Promise<Out[]> {
  const results: Out[] = [];
  const queue = items.entries();
  const workers = Array.from({ length: atOnce }, async () => {
    for (const [index, item] of queue) results[index] = await work(item);
  });
  await Promise.all(workers);
  return results;
}
