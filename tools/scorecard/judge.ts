import type { SeenAttempt } from '../stage/lab-control.ts';
import type { Expectation, Mode } from './cases.ts';
import type { Heard } from './hear.ts';

/**
 * `pass`: the answer and the conduct are right; `partial`: the answer is right, the conduct not
 * ideal; `safe`: an honest error instead of the answer; `fail`: a hang, a truncated or doubled
 * answer passed off as whole, or conduct that harms the provider.
 */
export type Verdict = 'pass' | 'partial' | 'safe' | 'fail';

/** All verdicts, the best first. */
export const VERDICTS: readonly Verdict[] = ['pass', 'partial', 'safe', 'fail'];

/** What is judged. */
export type Evidence = {
  readonly mode: Mode;
  readonly expect: Expectation;
  readonly heard: Heard;
  /** Everything that the lab saw of this request, in order. */
  readonly attempts: readonly SeenAttempt[];
  /** The whole answer, letter by letter. */
  readonly expected: string;
};

export type Judgement = { readonly verdict: Verdict; readonly sentence: string };

/** Sooner than this after an error status, the same model is hammered. */
const TIGHT_MS = 5;

/** Judges one request from outside: what its caller got, and what the lab saw. */
export function judge(evidence: Evidence): Judgement {
  const { heard, expect } = evidence;
  const harm = harmIn(evidence);
  if (harm) return { verdict: 'fail', sentence: harm };
  if (heard.ending === 'error') {
    const isRight = expect.answer !== 'answer';
    const sentence = `${heard.status} ${heard.error ?? ''}`.trim();
    return withConduct(isRight ? 'pass' : 'safe', `an honest error: ${sentence}`, evidence);
  }
  if (expect.answer === 'refusal') {
    return { verdict: 'partial', sentence: 'answered, although the refusal was the answer' };
  }
  return withConduct('pass', praiseFor(evidence), evidence);
}

/** Whether the attempts went to the model that was asked, in order. */
export function sharesOf(attempts: readonly SeenAttempt[]) {
  const first = attempts[0]?.model;
  const primary = attempts.filter(({ model }) => model === first);
  const fallback = attempts.filter(({ model }) => model !== first);
  return { primary, fallback };
}

/** Milliseconds from the end of each attempt on the first model to the arrival of the next. */
export function gapsIn(attempts: readonly SeenAttempt[]): number[] {
  const { primary } = sharesOf(attempts);
  return primary.slice(1).map((next, index) => next.arrivedAtMs - endOf(primary[index]));
}

function endOf(attempt: SeenAttempt | undefined): number {
  return attempt?.lastByteAtMs ?? attempt?.finishedAtMs ?? attempt?.arrivedAtMs ?? 0;
}

function harmIn({ heard, expect, attempts, expected }: Evidence): string | undefined {
  if (heard.ending === 'hang') return 'hung: still open at the limit';
  if (heard.ending === 'broken') return 'ended without its end and without an error';
  if (heard.status === 401) return 'the caller was blamed for a key that is not theirs';
  const isAnswer = heard.ending === 'complete';
  if (isAnswer && expect.answer === 'answer' && !expect.anyWords && heard.said !== expected) {
    return `not the whole answer: ${differenceOf(heard.said, expected)}`;
  }
  const { primary } = sharesOf(attempts);
  if (primary.length > expect.attempts[1] + 2) return `a storm: ${primary.length} attempts`;
  const gaps = gapsIn(attempts);
  const { waitMs } = expect;
  if (waitMs !== undefined && gaps.some((gap) => gap < waitMs)) {
    return `asked again after ${Math.round(Math.min(...gaps))} ms, sooner than retry-after says`;
  }
  const isTight = gaps.length > 1 && gaps.every((gap) => gap < TIGHT_MS);
  return isTight ? 'attempts without a pause' : undefined;
}

function withConduct(verdict: Verdict, praise: string, evidence: Evidence): Judgement {
  const blame = blameIn(evidence);
  if (!blame) return { verdict, sentence: praise };
  const isClean = verdict === 'pass';
  return { verdict: isClean ? 'partial' : verdict, sentence: `${praise}; but ${blame}` };
}

function blameIn({ heard, expect, attempts, mode }: Evidence): string | undefined {
  const { primary, fallback } = sharesOf(attempts);
  const [least, most] = expect.attempts;
  if (primary.length < least) return `only ${primary.length} attempts`;
  if (primary.length > most) return `${primary.length} attempts where ${most} are enough`;
  if (expect.by === 'primary' && fallback.length > 0) return 'it fell over without need';
  if (expect.by === 'nobody' && fallback.length > 0) return 'it was routed around';
  if (expect.by === 'fallback' && heard.ending === 'complete' && fallback.length === 0) {
    return 'the fallback was not asked';
  }
  if (expect.withinMs !== undefined && heard.tookMs > expect.withinMs) {
    return `it took ${Math.round(heard.tookMs)} ms`;
  }
  if (heard.ending === 'error') return undefined;
  if (heard.ids.length > 1) return `${heard.ids.length} ids in one stream`;
  if (mode === 'whole' && heard.usages.length !== 1) return 'no usage was reported';
  if (heard.usages.length > 1) return 'usage was reported more than once';
  return undefined;
}

function praiseFor({ heard, attempts }: Evidence): string {
  const { primary, fallback } = sharesOf(attempts);
  const who = heard.headers.get('x-served-by');
  const isRescued = fallback.length > 0 || primary.length > 1;
  const by = who ? ` by ${who.replace(/#.*$/, '')}` : '';
  if (!isRescued) return `answered${by}`;
  return fallback.length > 0
    ? 'answered in full, helped by the fallback'
    : 'answered when asked again';
}

function differenceOf(said: string, expected: string): string {
  if (expected.startsWith(said)) return `it breaks off after ${said.length} characters`;
  let at = 0;
  while (at < said.length && said[at] === expected[at]) at += 1;
  return `it departs at character ${at}: ${JSON.stringify(said.slice(at, at + 20))}`;
}
