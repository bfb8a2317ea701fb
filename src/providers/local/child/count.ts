import type { CountJob, JobEnd } from '../protocol.ts';
import type { Loading, Numbered } from './engine.ts';
import { promptOf } from './prompt.ts';
import { Refused } from './refused.ts';

/** Counts the tokens of a chat as its prompt would have them. */
export function count(loading: Loading, job: Numbered<CountJob>): JobEnd {
  const { id } = job;
  try {
    return { kind: 'counted', id, tokens: promptOf(loading, job).tokens.length };
  } catch (error) {
    if (error instanceof Refused) return { kind: 'refused', id, refusal: error.refusal };
    throw error;
  }
}
