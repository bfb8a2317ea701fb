import type { Clock } from '../../core/clock.ts';

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
  /** Undefined: by the CPU quota, or all cores but one. */
  readonly threads?: number | undefined;
  /** What the whole product may take, if less than the container's or machine's memory. */
  readonly memoryLimitBytes?: number | undefined;
  /** How much the states of recent chats may take, in temporary files; 0 keeps none. */
  readonly stateCacheBytes?: number | undefined;
  /** A child that has work and says nothing for this long is ended. */
  readonly watchdogMs?: number | undefined;
  readonly log: LocalLog;
  readonly clock: Clock;
};
