import { performance } from 'node:perf_hooks';
import type { SequenceEvaluateOptions, Token } from 'node-llama-cpp';
import type { Loading } from './engine.ts';
import { booksOf, nativeSampler } from './internals.ts';
import { plainPick, weighedPick } from './pick.ts';
import type { TokenSource } from './tokens.ts';

type Wanted = {
  readonly rest: readonly Token[];
  readonly options: SequenceEvaluateOptions;
  readonly weighed: boolean;
};

/**
 * Evaluates what is left of a prompt, then samples and evaluates a token at a time. The library's
 * own loop does the same with the same native calls; its locks, timers and generators around each
 * token cost a twentieth of the speed of a small model. Here they aren't needed: nobody else uses
 * the sequence meanwhile, and the context never overflows.
 */
export function sampledTokens(
  { llama, model, sequence }: Loading,
  { rest, options, weighed }: Wanted,
): TokenSource {
  const books = booksOf(sequence);
  const native = books._context._ctx;
  const sampler = nativeSampler(llama, model);
  const { pick, options: needed } = weighed ? weighedPick(options) : plainPick(options);
  // Penalties and grammars look at what was written meanwhile.
  const changes = Boolean(options.repeatPenalty || options.grammarEvaluationState);
  const configure = () => sampler.applyConfig(books._resolveSamplerConfig(needed));
  let input = [...rest];
  configure();

  async function evaluated(): Promise<number> {
    native.initBatch(input.length);
    const wanted = Uint32Array.of(input.length - 1);
    const position = books._nextTokenIndex;
    const tokens = Uint32Array.from(input);
    const [logits = 0] = native.addToBatch(books._sequenceId, position, tokens, wanted);
    await native.decodeBatch();
    books._nextTokenIndex += input.length;
    books._contextTokens.push(...input);
    return logits;
  }

  return {
    async next() {
      const logits = await evaluated();
      if (changes) configure();
      const { id, probability } = await pick(native, logits, sampler);
      // A token id is the library's branded number.
      const token = id as Token;
      if (token < 0) throw new Error('the model gave no token');
      input = [token];
      return { token, at: performance.now(), probability };
    },
    close: async () => sampler.dispose(),
  };
}
