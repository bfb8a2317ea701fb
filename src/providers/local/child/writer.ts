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

/** Writes one answer into `tell`. */
export function writer({ model, job, before, calls, seam, tell }: Options): Writer {
  const text = pieces(model, before, { withControls: calls !== undefined });
  const opening = calls?.prefix.trimStart() ?? '';
  const watch = stops(opening === '' ? job.stop : [...job.stop, opening]);
  // In a forced call the prompt ends with the opening already.
  let called = job.tools?.choice === 'required' ? '' : undefined;
  let stopped = false;
  let logprobs: ChosenLogprob[] = [];

  function show(shown: string): void {
    if (shown === '') return;
    const extra = logprobs.length > 0 ? { logprobs } : {};
    tell({ kind: 'text', id: job.id, text: shown, ...extra });
    logprobs = [];
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
      if (!stopped) take(seam.add(text.rest()));
      if (called === undefined) {
        if (!stopped) show(watch.rest());
        return 0;
      }
      const found = calls ? readCalls(called, calls) : [];
      const made = job.tools?.parallel ? found : found.slice(0, 1);
      if (made.length > 0) report(made);
      // What looked like a call and was none is the model's own text.
      else show(opening + called);
      return made.length;
    },
  };

  function report(made: readonly ToolCall[]): void {
    tell({ kind: 'called', id: job.id, calls: made });
  }
}
