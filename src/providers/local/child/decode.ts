import { performance } from 'node:perf_hooks';
import type { Token } from 'node-llama-cpp';
import type { FromChild, GenerateJob, Unsure } from '../protocol.ts';
import { callGrammar } from './calls.ts';
import type { Loading, Numbered } from './engine.ts';
import { openedTokens } from './opened.ts';
import { pieces } from './pieces.ts';
import type { Prompt } from './prompt.ts';
import { samplingOf } from './sampling.ts';
import { seamCutter, seamGrammar } from './seam.ts';
import { type Stride, strideOf } from './stride.ts';
import { sureTokens } from './sure.ts';
import { type TokenSource, tokenSource } from './tokens.ts';
import { writer } from './writer.ts';

type Work = {
  readonly job: Numbered<GenerateJob>;
  readonly prompt: Prompt;
  /** The prompt's last tokens, which are not evaluated yet. */
  readonly rest: readonly Token[];
  readonly tell: (report: FromChild) => void;
  readonly signal: AbortSignal;
};

type Answer = {
  readonly reason: 'stop' | 'length' | 'tool_calls';
  /** The end token counts, as llama-server counts it. */
  readonly tokens: number;
  /** How many more only wrote again what the caller had written. */
  readonly repeated: number;
  readonly firstAt: number;
};

/** Writes the answer into `tell`, until it ends by itself, by a stop string, or by its length. */
export async function decode(loading: Loading, work: Work): Promise<Answer> {
  const { job, prompt, rest, signal, tell } = work;
  const written: Token[] = [];
  const room = loading.contextSize - prompt.tokens.length;
  const limit = Math.min(job.maxTokens ?? room, room);
  const seam = seamCutter(prompt.tail);
  const stride = strideFor(job);
  const options = await samplingOf(loading, {
    sampling: job.sampling,
    grammar: grammarOf(loading, work),
    written,
    released: () => prompt.tail !== '' && seam.passed(),
  });
  const { topLogprobs, unsure } = job;
  const weighed = unsure !== undefined;
  const plain = tokenSource(loading, { rest, options, topLogprobs, weighed, signal });
  const source = unsure ? sureSource(loading, work, { unsure, source: plain, limit }) : plain;
  const calls = job.tools ? loading.calls : undefined;
  const text = writer({ model: loading.model, job, before: prompt.tokens, calls, seam, tell });
  let firstAt = 0;
  let ended = false;
  let repeated = 0;
  const goesOn = () => !ended && written.length < room && written.length - repeated < limit;
  let next = source.next();
  try {
    for (;;) {
      const chosen = await next;
      signal.throwIfAborted();
      ended = !chosen || isEnd(loading, prompt, chosen.token);
      if (!chosen) break;
      stride?.step();
      firstAt ||= chosen.at;
      written.push(chosen.token);
      // The next token is computed while this one becomes text; after a stop string it is in vain. The
      // first is shown before: whoever computes may keep the CPU from this thread for a few milliseconds.
      const isAhead = written.length > 1 && seam.isBehind() && goesOn();
      if (isAhead) next = source.next();
      if (!ended) ended = text.add(chosen.token, chosen.logprob);
      if (!ended && !seam.isBehind()) repeated += 1;
      if (isAhead ? ended : !goesOn()) break;
      if (!isAhead) next = source.next();
    }
  } finally {
    await next.catch(() => {});
    await source.close();
  }
  const called = text.end();
  const reason = ended ? (called > 0 ? 'tool_calls' : 'stop') : 'length';
  const tokens = written.length - repeated;
  return { reason, tokens, repeated, firstAt: firstAt || performance.now() };
}

function sureSource(
  loading: Loading,
  { job, prompt, signal }: Work,
  { unsure, source, limit }: { unsure: Unsure; source: TokenSource; limit: number },
): TokenSource {
  const { sampling, topLogprobs } = job;
  return sureTokens({
    unsure,
    source,
    text: pieces(loading.model, prompt.tokens, { withControls: false }),
    limit,
    isEnd: (token) => isEnd(loading, prompt, token),
    anew: () =>
      openedTokens(loading, { prompt, opening: unsure.saysInstead, sampling, topLogprobs, signal }),
    signal,
  });
}

function grammarOf({ calls }: Loading, { job, prompt }: Work): string | undefined {
  if (prompt.tail !== '') return seamGrammar(prompt.tail);
  if (job.tools?.choice !== 'required' || !calls) return job.grammar;
  return callGrammar(job.tools.offered, calls);
}

/** Undefined where no schema holds the answer: a seam's grammar has one reading only. */
function strideFor({ grammar, tools }: GenerateJob): Stride | undefined {
  if (tools?.choice === 'required') return strideOf('tools');
  return grammar === undefined ? undefined : strideOf('response_format');
}

function isEnd({ model }: Loading, { ends }: Prompt, token: Token): boolean {
  return model.isEogToken(token) || ends.has(token);
}
