import { performance } from 'node:perf_hooks';
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Loading } from './engine.ts';
import { booksOf, nativeSampler } from './internals.ts';
import { longStep } from './long-step.ts';
import { noToken } from './no-token.ts';
import { type Picked, plainPick, weighedPick } from './pick.ts';
import type { TokenSource } from './tokens.ts';

type Wanted = {
  readonly rest: readonly Token[];
  readonly options: SequenceEvaluateOptions;
  readonly weighed: boolean;
  readonly signal: AbortSignal;
};

/**
 * Evaluates what is left of a prompt, then samples and evaluates a token at a time. The library's
 * own loop does the same with the same native calls; its locks, timers and generators around each
 * token cost a twentieth of the speed of a small model. Here they aren't needed: nobody else uses
 * the sequence meanwhile, and the context never overflows.
 */
export function sampledTokens(
  loading: Loading,
  { rest, options, weighed, signal }: Wanted,
): TokenSource {
  const { llama, model, sequence } = loading;
  const books = booksOf(sequence);
  const native = books._context._ctx;
  const sampler = nativeSampler(llama, model);
  const { pick, options: needed } = weighed ? weighedPick(options) : plainPick(options);
  // Penalties and grammars look at what was written meanwhile.
  const changes = Boolean(options.repeatPenalty || options.grammarEvaluationState);
  const configure = () => sampler.applyConfig(books._resolveSamplerConfig(needed));
  let input = Uint32Array.from(rest);
  let last = Uint32Array.of(rest.length - 1);
  // Memory that native code has seen once is cheaper to hand over again.
  const single = new Uint32Array(1);
  const first = new Uint32Array(1);
  let isConfigured = false;

  /** What is evaluated is on the books at once, since no token may be found to follow it. */
  async function evaluate(): Promise<void> {
    await native.decodeBatch();
    books._nextTokenIndex += input.length;
    // A token id is the library's branded number.
    books._contextTokens.push(...(input as Iterable<number> as Iterable<Token>));
  }

  function choose(logits: number): Promise<Picked> {
    return pick(native, logits, sampler).catch((error: unknown) => {
      throw noToken(options, error);
    });
  }

  /** Evaluates the end of the prompt; after an abort there is nothing to pick from. */
  async function begin(logits: number): Promise<Picked> {
    await longStep(loading, signal, evaluate);
    return choose(logits);
  }

  /** The pool's one thread samples when it has evaluated, without a way back here in between. */
  async function goOn(logits: number): Promise<Picked> {
    const [, picked] = await Promise.all([evaluate(), choose(logits)]);
    return picked;
  }

  return {
    async next() {
      if (changes || !isConfigured) configure();
      isConfigured = true;
      native.initBatch(input.length);
      const position = books._nextTokenIndex;
      const [logits = 0] = native.addToBatch(books._sequenceId, position, input, last);
      const { id, probability } = await (input === single ? goOn(logits) : begin(logits));
      const token = id as Token;
      if (token < 0) throw noToken(options);
      single[0] = token;
      input = single;
      last = first;
      return { token, at: performance.now(), probability };
    },
    close: async () => sampler.dispose(),
  };
}
