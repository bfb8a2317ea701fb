import { performance } from 'node:perf_hooks';
import type { FromChild, GenerateJob, JobEnd } from '../protocol.ts';
import { decode } from './decode.ts';
import type { Loading, Numbered } from './engine.ts';
import { prefill } from './prefill.ts';
import { promptOf } from './prompt.ts';
import { answeringRefusals } from './refused.ts';
import { timingsOf } from './timings.ts';

/** Writes one answer: prompt, prefill, then a token at a time, reported as text. */
export function generate(
  loading: Loading,
  job: Numbered<GenerateJob>,
  tell: (report: FromChild) => void,
  signal: AbortSignal,
): Promise<JobEnd> {
  return answeringRefusals(job.id, async () => {
    const { id } = job;
    const prompt = promptOf(loading, job);
    const promptTokens = prompt.tokens.length;
    const started = performance.now();
    const { cached: cachedTokens, rest } = await prefill(loading, prompt.tokens, signal);

    const answer = await decode(loading, { job, prompt, rest, tell, signal });
    const { repeated } = answer;
    return {
      kind: 'finished',
      id,
      reason: answer.reason,
      promptTokens: promptTokens + repeated,
      cachedTokens,
      completionTokens: answer.tokens,
      timings: timingsOf({
        cachedTokens,
        promptTokens,
        promptMs: answer.firstAt - started,
        answerTokens: answer.tokens + repeated,
        answerMs: performance.now() - answer.firstAt,
      }),
      residentBytes: process.memoryUsage.rss(),
    };
  });
}
