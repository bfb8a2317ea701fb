import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ChatRequest } from '../../core/chat.ts';
import type { Clock } from '../../core/clock.ts';
import { ApiError } from '../../core/errors.ts';
import type { Provider, Reply } from '../../core/provider.ts';
import { answerWriter } from './answer.ts';
import { readLimits, threadCount } from './cgroup.ts';
import { desk } from './desk.ts';
import { type EmbedReply, type EmbedRequest, embeddings } from './embeddings.ts';
import { notSupported, unavailable } from './failures.ts';
import { keeper, type Life } from './keeper.ts';
import { modelFile } from './model-file.ts';
import { type Profile, profileOf } from './profile.ts';
import { turnstile } from './queue.ts';
import { streamReply, wholeReply } from './reply.ts';
import { understand } from './request.ts';
import { type Ending, openSession, type Session } from './session.ts';
import type { LocalState } from './state.ts';
import { stateOf } from './state-of.ts';

/** A log that takes fields and a sentence, as pino does. */
export type LocalLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

export type LocalOptions = {
  /** Absolute path of the .gguf file. */
  readonly modelPath: string;
  /** Served as `local/<name>`; also finds the model's profile. */
  readonly modelName: string;
  /** Absolute path of the child's entry. */
  readonly childPath: string;
  /** In tokens; less where the model was trained for less, or memory is short. */
  readonly contextSize: number;
  /** How many requests wait at most, beside the one that is answered. */
  readonly queueLimit: number;
  /** The model is unloaded after this long without a request. */
  readonly idleUnloadMs: number;
  readonly threads?: number | undefined;
  /** What the whole product may take, if less than the container's or machine's memory. */
  readonly memoryLimitBytes?: number | undefined;
  /** How much the states of recent chats may take on disk; 0 keeps none. */
  readonly stateCacheBytes?: number | undefined;
  /** A child that works and says nothing for this long is ended. */
  readonly watchdogMs?: number | undefined;
  readonly log: LocalLog;
  readonly clock: Clock;
};

/** The model on this machine's own CPU. */
export type LocalModel = Provider & {
  readonly servedBy: string;
  readonly profile: Profile;
  /** Starts loading in the background; never throws. */
  warm(): void;
  state(): LocalState;
  /** Whether a request would find a model: the file is there, whole, and fits. Cheap. */
  available(): boolean;
  embed(request: EmbedRequest, signal: AbortSignal): Promise<EmbedReply>;
  /** Ends the child; who waits is turned away. */
  close(): Promise<void>;
};

const STATE_CACHE_BYTES = 64 * 2 ** 20;
const WATCHDOG_MS = 30_000;

/** Serves one GGUF file through a child process that is started when it is first needed. */
export function localModel(options: LocalOptions): LocalModel {
  const { modelName, queueLimit, idleUnloadMs, log, clock } = options;
  const servedBy = `local/${modelName}`;
  const profile = profileOf(modelName);
  const limits = readLimits();
  const threads = options.threads ?? threadCount(limits);
  const most = Math.min(limits.memoryBytes, options.memoryLimitBytes ?? Infinity);
  const budgetBytes = () => most - process.memoryUsage.rss();
  const file = modelFile({
    path: options.modelPath,
    contextSize: options.contextSize,
    budgetBytes,
  });
  const totals = { failed: 0, crashes: 0, loads: 0 };
  let lastError: { message: string; at: string } | undefined;
  const folders = new Set<string>();

  const minder = keeper({
    file,
    idleMs: idleUnloadMs,
    clock,
    open: ({ contextSize }) => open(contextSize),
    onEnd: buried,
  });
  const line = turnstile({ limit: queueLimit });
  const front = desk({ line, keeper: minder });

  function open(contextSize: number): Session {
    const stateFolder = mkdtempSync(join(tmpdir(), 'keyturn-'));
    totals.loads += 1;
    const session = openSession({
      childPath: options.childPath,
      watchdogMs: options.watchdogMs ?? WATCHDOG_MS,
      order: {
        kind: 'load',
        modelPath: options.modelPath,
        contextSize,
        threads,
        mapped: true,
        stateFolder,
        stateCacheBytes: options.stateCacheBytes ?? STATE_CACHE_BYTES,
      },
    });
    folders.add(stateFolder);
    const remove = () => {
      rmSync(stateFolder, { recursive: true, force: true });
      folders.delete(stateFolder);
    };
    void session.gone.then(remove);
    session.loaded.then(
      ({ loadMs, residentBytes }) =>
        log.info(
          { model: servedBy, contextSize, threads, loadMs, residentBytes },
          'local model loaded',
        ),
      () => {},
    );
    return session;
  }

  function buried(ending: Ending, _life: Life): void {
    if (ending.kind === 'closed') {
      log.info({ model: servedBy }, 'local model unloaded');
      return;
    }
    totals.crashes += 1;
    log.error({ model: servedBy, ending }, 'local model ended');
  }

  function failed(error: unknown, signal: AbortSignal): unknown {
    if (signal.aborted) return signal.reason;
    if (error instanceof ApiError && error.status < 500) return error;
    totals.failed += 1;
    const known = error instanceof ApiError;
    const answer = known
      ? error
      : unavailable('The local model failed. Try again.', { cause: error });
    lastError = { message: answer.message, at: new Date(clock.now()).toISOString() };
    log.warn({ model: servedBy, err: error }, 'local model could not answer');
    return answer;
  }

  async function chat(request: ChatRequest, signal: AbortSignal): Promise<Reply> {
    const understood = understand(request.params, profile);
    try {
      signal.throwIfAborted();
      const underway = await front.begin(understood.job, signal);
      const writer = answerWriter({ model: servedBy, clock });
      const reply = {
        underway,
        writer,
        servedBy,
        failed: (error: unknown) => failed(error, signal),
      };
      return understood.streamed
        ? await streamReply(reply, understood)
        : await wholeReply(reply, understood);
    } catch (error) {
      throw failed(error, signal);
    }
  }

  return {
    servedBy,
    profile,
    chat,
    warm() {
      minder.session().then(
        () => (line.busy() ? undefined : minder.rest()),
        (error: unknown) =>
          log.warn({ model: servedBy, err: error }, 'local model could not warm up'),
      );
    },
    state: () =>
      stateOf({
        model: servedBy,
        line,
        queueLimit,
        keeper: minder,
        figures: front.figures(),
        totals,
        lastError,
        threads,
        budgetBytes: budgetBytes(),
        now: clock.elapsed(),
      }),
    available: () => minder.trouble() === undefined && file.seemsUsable(),
    async embed(request, signal) {
      if (!profile.mayEmbed) {
        throw notSupported(`${servedBy} has no meaningful embeddings.`, 'model');
      }
      try {
        return await embeddings({ desk: front, model: servedBy, request, signal });
      } catch (error) {
        throw failed(error, signal);
      }
    },
    async close() {
      line.clear(unavailable('The server is shutting down.'));
      await minder.close();
      for (const folder of folders) rmSync(folder, { recursive: true, force: true });
    },
  };
}
