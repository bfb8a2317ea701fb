import { performance } from 'node:perf_hooks';
import {
  type ChatWrapper,
  getLlama,
  type Llama,
  type LlamaContextSequence,
  LlamaLogLevel,
  type LlamaModel,
  resolveChatWrapper,
} from 'node-llama-cpp';
import type { EmbeddingRoom, FromChild, Job, JobEnd, Loaded, LoadOrder } from '../protocol.ts';
import { type CallSyntax, callSyntaxOf } from './calls.ts';
import { count } from './count.ts';
import { embed } from './embed.ts';
import { generate } from './generate.ts';
import { findInterrupt, type Interrupt, NO_INTERRUPT } from './interrupt.ts';
import { INTERRUPTED, type Pace, pace, UNINTERRUPTED } from './pace.ts';
import { NO_STATES, type States, savedStates } from './states.ts';
import { withoutEstimates } from './without-estimates.ts';

/** llama.cpp's last words are enough; it also says some when an evaluation is broken off. */
const KEPT_COMPLAINTS = 3;

/** A loaded model with everything that a job needs. */
export type Loading = {
  readonly llama: Llama;
  readonly model: LlamaModel;
  readonly sequence: LlamaContextSequence;
  readonly wrapper: ChatWrapper;
  /** How the model's template writes calls; undefined where it knows no tools. */
  readonly calls: CallSyntax | undefined;
  readonly states: States;
  readonly threads: number;
  readonly contextSize: number;
  readonly embeddings: EmbeddingRoom;
  readonly pace: Pace;
  readonly interrupt: Interrupt;
  /** Tells the parent that work goes on. */
  readonly alive: () => void;
};

export type Numbered<J extends Job = Job> = J & { readonly id: number };

export type Engine = {
  readonly loaded: Loaded;
  /** Does one job; resolves with the last report, rejects when aborted or broken. */
  run(job: Numbered, tell: (report: FromChild) => void, signal: AbortSignal): Promise<JobEnd>;
};

/**
 * Loads a model.
 *
 * @param alive called after every step, so that the parent sees a slow load from a hung one
 * @throws Error with llama.cpp's own words where it gave any
 */
export async function loadEngine(order: LoadOrder, alive: () => void): Promise<Engine> {
  const started = performance.now();
  const complaints: string[] = [];
  try {
    const loading = await open(order, alive, complaints);
    return {
      loaded: {
        kind: 'loaded',
        contextSize: loading.contextSize,
        loadMs: Math.round(performance.now() - started),
        residentBytes: process.memoryUsage.rss(),
      },
      run: (job, tell, signal) => run(loading, job, tell, signal),
    };
  } catch (error) {
    const own = error instanceof Error ? error.message : String(error);
    throw new Error([own, ...complaints].join('; '), { cause: error });
  }
}

async function open(
  { modelPath, contextSize, embeddings, threads, mapped, stateFolder, stateCacheBytes }: LoadOrder,
  alive: () => void,
  complaints: string[],
): Promise<Loading> {
  refuseRaces();
  withoutEstimates();
  alive();
  const llama = await startLlama(threads, complaints);
  alive();
  const model = await llama.loadModel({
    modelPath,
    gpuLayers: 0,
    useMmap: mapped,
    ignoreMemorySafetyChecks: true,
    onLoadProgress: alive,
  });
  alive();
  const interrupt = await interruptOf(llama, model);
  const steps = pace(interrupt.works ? INTERRUPTED : UNINTERRUPTED);
  const context = await interrupt.reaching(() =>
    model.createContext({
      contextSize: Math.min(contextSize, model.trainContextSize),
      batchSize: steps.batchTokens,
      sequences: 1,
      threads,
      ignoreMemorySafetyChecks: true,
      failedCreationRemedy: false,
    }),
  );
  alive();
  const wrapper = wrapperOf(model);
  return {
    llama,
    model,
    sequence: context.getSequence(),
    wrapper,
    calls: callSyntaxOf(wrapper),
    states:
      stateFolder === undefined
        ? NO_STATES
        : savedStates({ folder: stateFolder, maxBytes: stateCacheBytes }),
    threads,
    contextSize: Math.min(contextSize, context.contextSize),
    embeddings,
    pace: steps,
    interrupt,
    alive,
  };
}

/** With more threads than one in the pool, a token would be sampled while it is evaluated. */
function refuseRaces(): void {
  if (process.env['UV_THREADPOOL_SIZE'] === '1') return;
  throw new Error('the pool needs exactly one thread');
}

function startLlama(threads: number, complaints: string[]): Promise<Llama> {
  return getLlama({
    gpu: false,
    build: 'never',
    skipDownload: true,
    progressLogs: false,
    maxThreads: threads,
    logLevel: LlamaLogLevel.error,
    logger: (_level, message) => {
      if (complaints.push(message.trim()) > KEPT_COMPLAINTS) complaints.shift();
    },
  });
}

/** A model that can't forget a part of what it read can't forget half a step either. */
function interruptOf(llama: Llama, { fileInsights }: LlamaModel): Promise<Interrupt> | Interrupt {
  const { isRecurrent, isHybrid, swaSize } = fileInsights;
  const forgets = !isRecurrent && !isHybrid && swaSize === undefined;
  return forgets ? findInterrupt(llama) : NO_INTERRUPT;
}

/** The model's own template; a general one for a file that brings none. */
function wrapperOf(model: LlamaModel): ChatWrapper {
  const template = model.fileInfo.metadata.tokenizer?.chat_template;
  if (template === undefined) return resolveChatWrapper(model, { warningLogs: false });
  // A template that speaks of no tools needn't be tried with some, which takes a while.
  const calls = template.includes('tool') ? 'auto' : 'noJinja';
  return resolveChatWrapper(model, {
    type: 'jinjaTemplate',
    warningLogs: false,
    customWrapperSettings: {
      jinjaTemplate: { reasoning: false, functionCallMessageTemplate: calls },
    },
  });
}

function run(
  loading: Loading,
  job: Numbered,
  tell: (report: FromChild) => void,
  signal: AbortSignal,
): Promise<JobEnd> {
  switch (job.kind) {
    case 'generate':
      return generate(loading, job, tell, signal);
    case 'embed':
      return embed(loading, job, signal);
    case 'count':
      return Promise.resolve(count(loading, job));
  }
}
