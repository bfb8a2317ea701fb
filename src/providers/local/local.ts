import type { ChatRequest } from '../../core/chat.ts';
import type { Provider, Reply } from '../../core/provider.ts';
import type { EmbedReply, EmbedRequest } from '../../core/relay.ts';
import { answerWriter } from './answer.ts';
import { readLimits, threadCount } from './cgroup.ts';
import { desk } from './desk.ts';
import { embeddings } from './embeddings.ts';
import { notSupported, unavailable } from './failures.ts';
import { keeper } from './keeper.ts';
import { modelFile } from './model-file.ts';
import { openFor } from './opening.ts';
import type { LocalOptions } from './options.ts';
import { type Profile, profileOf } from './profile.ts';
import { turnstile } from './queue.ts';
import { countedTokens, streamReply, wholeReply } from './reply.ts';
import { understand } from './request.ts';
import type { LocalState } from './state.ts';
import { stateOf } from './state-of.ts';
import { troubleBook } from './trouble-book.ts';

export type { LocalOptions } from './options.ts';

/** The model on this machine's own CPU. */
export type LocalModel = Provider & {
  /** `local/<name>`, as answers and headers name it. */
  readonly servedBy: string;
  readonly profile: Profile;
  /** Starts loading in the background; never throws. */
  warm(): void;
  /** What it does, for health and metrics; looking doesn't count as use. */
  state(): LocalState;
  /** Whether a request would find a model: the file is there, whole, and fits. Cheap. */
  available(): boolean;
  /** The context that it has, or would be loaded with; undefined where it can't be. In tokens. */
  contextWindow(): Promise<number | undefined>;
  /** How many tokens a chat's prompt takes, as it would be answered. */
  countTokens(request: ChatRequest, signal: AbortSignal): Promise<number>;
  /** @throws ApiError `not_supported` where the profile has no embeddings; else as `chat` */
  embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedReply>;
  /** Ends the child; who waits is turned away. */
  close(): Promise<void>;
};

/** Serves one GGUF file through a child process that is started when it is first needed. */
export function localModel(options: LocalOptions): LocalModel {
  const { modelName, modelPath, contextSize, queueLimit, log, clock } = options;
  const servedBy = `local/${modelName}`;
  const profile = profileOf(modelName);
  const limits = readLimits();
  const threads = options.threads ?? threadCount(limits);
  const mostBytes = Math.min(limits.memoryBytes, options.memoryLimitBytes ?? Infinity);
  const budgetBytes = () => mostBytes - process.memoryUsage.rss();
  const book = troubleBook({ model: servedBy, log, clock });

  const file = modelFile({ path: modelPath, contextSize, budgetBytes });
  const line = turnstile({ limit: queueLimit });
  const minder = keeper({
    file,
    clock,
    idleMs: options.idleUnloadMs,
    isWanted: line.busy,
    open: (usable) => {
      book.starting();
      return openFor({ ...options, threads, cpuQuota: readLimits().cpuQuota }, usable);
    },
    onLoaded: (loaded) => book.loaded(loaded),
    onEnd: (ending) => book.ended(ending),
  });
  const front = desk({ line, keeper: minder });
  let isClosing = false;

  async function chat(request: ChatRequest, signal: AbortSignal): Promise<Reply> {
    const understood = understand(request.params, profile, request.prompt);
    const failed = (error: unknown) => book.failed(error, signal);
    try {
      signal.throwIfAborted();
      const underway = await front.begin(understood.job, signal);
      const writer = answerWriter({ model: servedBy, clock });
      const answering = { underway, writer, servedBy, failed };
      const reply = understood.streamed ? streamReply : wholeReply;
      return await reply(answering, understood);
    } catch (error) {
      throw failed(error);
    }
  }

  async function embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedReply> {
    if (!profile.mayEmbed) {
      throw notSupported(`${servedBy} has no meaningful embeddings.`, 'model');
    }
    try {
      signal.throwIfAborted();
      return await embeddings({ desk: front, model: servedBy, request, signal });
    } catch (error) {
      throw book.failed(error, signal);
    }
  }

  async function countTokens({ params }: ChatRequest, signal: AbortSignal): Promise<number> {
    const { job } = understand(params, profile);
    try {
      return await countedTokens(await front.begin({ ...job, kind: 'count' }, signal));
    } catch (error) {
      throw book.failed(error, signal);
    }
  }

  async function contextWindow(): Promise<number | undefined> {
    const loaded = minder.life()?.loaded;
    if (loaded) return loaded.contextSize;
    const inspection = await file.inspect();
    return inspection.kind === 'usable' ? inspection.contextSize : undefined;
  }

  return {
    servedBy,
    profile,
    chat,
    embed,
    countTokens,
    warm() {
      // Who has the turn sees to a model; a file that was changed meanwhile is not for this turn.
      if (line.busy()) return;
      minder.session().then(
        () => (line.busy() ? undefined : minder.rest()),
        (error: unknown) => (isClosing ? undefined : book.notWarmed(error)),
      );
    },
    state: () =>
      stateOf({
        servedBy,
        line,
        queueLimit,
        keeper: minder,
        desk: front,
        book,
        threads,
        budgetBytes,
        clock,
      }),
    available: () =>
      minder.trouble() === undefined && (minder.life() !== undefined || file.seemsUsable()),
    contextWindow,
    async close() {
      isClosing = true;
      line.clear(unavailable('The server is shutting down.'));
      await minder.close();
    },
  };
}
