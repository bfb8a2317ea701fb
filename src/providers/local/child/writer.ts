import { performance } from 'node:perf_hooks';
import type { LlamaModel, Token } from 'node-llama-cpp';
import type { ChosenLogprob, FromChild, GenerateJob, ToolCall } from '../protocol.ts';
import { type CallSyntax, readCalls } from './calls.ts';
import type { Numbered } from './engine.ts';
import { pieces } from './pieces.ts';
import type { SeamCutter } from './seam.ts';
import { shownLogprobs } from './shown-logprobs.ts';
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
  const isForced = job.tools?.choice === 'required';
  // In a forced call the prompt ends with the opening already.
  let called = isForced ? '' : undefined;
  let stopped = false;
  const logprobs = shownLogprobs();
  let unreported = '';
  let reportedAt = -Infinity;

  function show(shown: string): void {
    unreported += shown;
    if (performance.now() - reportedAt >= REPORT_EVERY_MS) flush();
  }

  function flush(): void {
    const told = logprobs.shown(unreported.length);
    if (unreported === '' && told.length === 0) return;
    const extra = told.length > 0 ? { logprobs: told } : {};
    tell({ kind: 'text', id: job.id, text: unreported, ...extra });
    unreported = '';
    reportedAt = performance.now();
  }

  function take(piece: string): boolean {
    if (called !== undefined) {
      called += piece;
      return false;
    }
    if (piece !== '') logprobs.written(piece.length);
    const { text: shown, met } = watch.add(piece);
    show(shown);
    if (met === opening) called = watch.rest();
    else stopped = met !== undefined;
    return stopped;
  }

  return {
    add(token, logprob) {
      const piece = seam.add(text.add(token));
      if (logprob && seam.isBehind()) logprobs.add(logprob);
      return take(piece);
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
    if (stopped) return [];
    take(seam.add(text.rest()));
    if (called === undefined) {
      showRest(watch.rest());
      return [];
    }
    const found = calls ? readCalls(called, calls) : [];
    const made = job.tools?.parallel ? found : found.slice(0, 1);
    // What looked like a call and was none is the model's own text; a forced one was only cut short.
    if (made.length === 0 && !isForced) showRest(opening + called);
    return made;
  }

  function showRest(rest: string): void {
    logprobs.written(0);
    show(rest);
  }
}
