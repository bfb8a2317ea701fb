import { performance } from 'node:perf_hooks';
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { ChosenLogprob, FromChild, GenerateJob, ToolCall } from '../protocol.ts';
import { type CallSyntax, readCalls } from './calls.ts';
import type { Numbered } from './engine.ts';
import { pieces } from './pieces.ts';
import type { SeamCutter } from './seam.ts';
import { stops } from './stops.ts';

/** From tokens to reports: whole characters, stop strings held back, calls read. */
export type Writer = {
  /** @returns true when a stop string was met: the answer is over. */
  add(token: Token, logprob: ChosenLogprob | undefined): boolean;
  /** Reports what is left. @returns how many tools were called. */
  end(): number;
};

type Options = {
  readonly model: LlamaModel;
  readonly job: Numbered<GenerateJob>;
  readonly before: readonly Token[];
  /** Set where tools are offered. */
  readonly calls: CallSyntax | undefined;
  readonly seam: SeamCutter;
  readonly tell: (report: FromChild) => void;
};

/**
 * Text is reported at once, and then at most this often: a small model writes a token in a few
 * milliseconds, and carrying each one through two processes would take a tenth of its time.
 */
const REPORT_EVERY_MS = 20;

/** Writes one answer into `tell`. */
export function writer({ model, job, before, calls, seam, tell }: Options): Writer {
  const text = pieces(model, before, { withControls: calls !== undefined });
  const opening = calls?.prefix.trimStart() ?? '';
  const watch = stops(opening === '' ? job.stop : [...job.stop, opening]);
  // In a forced call the prompt ends with the opening already.
  let called = job.tools?.choice === 'required' ? '' : undefined;
  let stopped = false;
  let logprobs: ChosenLogprob[] = [];
  let unreported = '';
  let reportedAt = -Infinity;

  function show(shown: string): void {
    unreported += shown;
    if (performance.now() - reportedAt >= REPORT_EVERY_MS) flush();
  }

  function flush(): void {
    if (unreported === '') return;
    const extra = logprobs.length > 0 ? { logprobs } : {};
    tell({ kind: 'text', id: job.id, text: unreported, ...extra });
    logprobs = [];
    unreported = '';
    reportedAt = performance.now();
  }

  function take(piece: string): boolean {
    if (called !== undefined) {
      called += piece;
      return false;
    }
    const { text: shown, met } = watch.add(piece);
    show(shown);
    if (met === opening) called = watch.rest();
    else stopped = met !== undefined;
    return stopped;
  }

  return {
    add(token, logprob) {
      if (logprob) logprobs.push(logprob);
      return take(seam.add(text.add(token)));
    },
    end() {
      const made = finish();
      flush();
      if (made.length > 0) tell({ kind: 'called', id: job.id, calls: made });
      return made.length;
    },
  };

  /** Shows what was held back. @returns the calls that were made. */
  function finish(): readonly ToolCall[] {
    if (!stopped) take(seam.add(text.rest()));
    if (called === undefined) {
      if (!stopped) show(watch.rest());
      return [];
    }
    const found = calls ? readCalls(called, calls) : [];
    const made = job.tools?.parallel ? found : found.slice(0, 1);
    // What looked like a call and was none is the model's own text.
    if (made.length === 0) show(opening + called);
    return made;
  }
}
