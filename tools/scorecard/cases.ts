/** Streamed or whole. */
export type Mode = 'stream' | 'whole';

/** What correct means for one fault, in terms that can be seen from outside. */
export type Expectation = {
  /** What the caller must get: an answer, the provider's refusal, or either. */
  readonly answer: 'answer' | 'refusal' | 'either';
  /** How often the faulty model may be asked. */
  readonly attempts: readonly [least: number, most: number];
  /** Who should answer; `any` where both are right. */
  readonly by: 'primary' | 'fallback' | 'any' | 'nobody';
  /** The next attempt on the same model comes no sooner than this after the first. */
  readonly waitMs?: number;
  /** Longer than this is no clean pass. */
  readonly withinMs?: number;
  /** The answer may be any model's own words, so letters can't be compared. */
  readonly anyWords?: true;
};

/** One fault that a caller meets. */
export type Case = {
  /** As the lab knows it, with parameters. */
  readonly fault: string;
  readonly modes: readonly Mode[];
  readonly expect: Expectation;
  /** More fields of the request. */
  readonly fields?: Readonly<Record<string, unknown>>;
  /** Asks for this model instead of one that is named after the fault. */
  readonly model?: string;
  /** What the fallback model does meanwhile. */
  readonly fallback?: string;
};

const BOTH: readonly Mode[] = ['stream', 'whole'];
const STREAM: readonly Mode[] = ['stream'];

function each(
  faults: string,
  modes: readonly Mode[],
  expect: Expectation,
  fields?: Case['fields'],
): Case[] {
  return faults
    .split(' ')
    .map((fault) => ({ fault, modes, expect, ...(fields ? { fields } : {}) }));
}

const clean: Expectation = { answer: 'answer', attempts: [1, 1], by: 'primary' };
const again: Expectation = { answer: 'answer', attempts: [2, 2], by: 'primary' };
const over: Expectation = { answer: 'answer', attempts: [1, 3], by: 'fallback' };
const left: Expectation = { answer: 'answer', attempts: [1, 1], by: 'fallback' };
const rescued: Expectation = { answer: 'answer', attempts: [1, 3], by: 'any' };
const refused: Expectation = { answer: 'refusal', attempts: [1, 1], by: 'nobody' };
const usage = { stream_options: { include_usage: true } };

/** The faults of `reference/faults.md` that a caller can meet, as the lab plays them. */
export const cases: readonly Case[] = [
  ...each('healthy interim leaves slow:gap=15', BOTH, clean),
  ...each('gzip', BOTH, { ...clean, attempts: [1, 3], by: 'any' }),
  ...each('429-once:retryAfter=1', BOTH, { ...again, waitMs: 1000 }),
  ...each('429-date-once:retryAfter=1', BOTH, { ...again, waitMs: 990 }),
  ...each('429-bare', BOTH, over),
  ...each('429:retryAfter=60', BOTH, { ...left, withinMs: 2000 }),
  ...each('500-once 502-once 503-once 504-once 498-once 408-once 409-once', BOTH, again),
  ...each('reset-once fin-once half-headers-once:ms=50', BOTH, again),
  ...each('500 502 503 504 498 408 409 html-502 reset fin not-http redirect', BOTH, over),
  ...each('422 tool-use-failed json-validate-failed', BOTH, {
    ...refused,
    attempts: [2, 2],
  }),
  ...each('silent late headers-only late-first-token half-headers', BOTH, left),
  ...each('late-first-token:role=1', STREAM, left),
  ...each('cut cut-clean cut-fin cut-reset cut-done cut-in-word cut-in-surrogate', BOTH, rescued),
  ...each('cut-in-fence cut-in-character cut-in-event cut-reasoning', BOTH, rescued),
  ...each('cut-reset:tokens=1 cut:tokens=59 cut:tokens=60 cut:tokens=0', STREAM, rescued),
  ...each('stall stall-pings:every=200', BOTH, rescued),
  ...each('malformed', STREAM, clean),
  ...each('malformed', ['whole'], over),
  ...each('malformed-two garbage-midstream', STREAM, rescued),
  ...each('no-done no-done-fin no-done-open done-open done-double stall-finish', STREAM, {
    ...clean,
    withinMs: 3000,
  }),
  { ...refusal('context'), expect: { ...refused, answer: 'either', by: 'any' } },
  ...[refusal('policy'), refusal('bad-request')],
  ...each('inband-data inband-event inband-x-groq inband-x-groq:done=1', BOTH, rescued),
  ...each('inband-x-groq-stop inband-done', BOTH, rescued),
  ...each('html html-as-json empty null other-json not-sse gzip-cut gzip-cut:clean=0', BOTH, over),
  ...each('empty-stream done-only role-only whole-for-stream', STREAM, over),
  ...each('crlf cr comments data-lines no-space fields bom one-byte half-events', STREAM, clean),
  ...each('split-characters glued unchunked mislabelled one-mib', STREAM, clean),
  ...each('split-surrogates empty-choices', STREAM, clean),
  ...each('usage-double usage-never usage-x-groq', STREAM, clean, usage),
  ...each('usage-never', ['whole'], clean),
  ...each('401 403', BOTH, left),
  {
    ...{ fault: 'retired', modes: BOTH, model: 'llama-3.3-70b-versatile' },
    expect: { answer: 'answer', attempts: [0, 1], by: 'any' },
  },
  { ...refusal('unknown-model'), expect: { ...refused, answer: 'either', by: 'any' } },
  ...each('413:limit=4000', BOTH, again, { max_tokens: 8192 }),
  ...each('407', BOTH, { ...left, by: 'any', withinMs: 2500, anyWords: true }),
  ...'prefill-refused prefill-ignored prefill-echoed prefill-echoed:words=9 cut-once'
    .split(' ')
    .map((fallback): Case => ({ fault: 'cut', modes: STREAM, expect: rescued, fallback })),
  { fault: 'cut-once', modes: STREAM, expect: rescued, fallback: 'restart-departs' },
];

function refusal(fault: string): Case {
  return { fault, modes: BOTH, expect: refused };
}
