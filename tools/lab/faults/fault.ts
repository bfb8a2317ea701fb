import type { Scene } from '../scene.ts';
import type { Parameters } from '../step.ts';

/** One way to misbehave. */
export type Fault = {
  readonly name: string;
  /** Its number in the list of faults that a gateway has to survive; 0 for harmless behaviour. */
  readonly number: number;
  /** What it does, in a sentence. */
  readonly sentence: string;
  /** Its parameters with their defaults; no others are taken. Times are milliseconds. */
  readonly defaults: Parameters;
  /** What the parameters that are words may be. */
  readonly words?: Readonly<Record<string, readonly string[]>>;
  play(scene: Scene, settings: Settings): Promise<void>;
};

/** A fault's parameters, read by name. */
export interface Settings {
  number(name: string): number;
  word(name: string): string;
}

/** Parameters for reading; a missing number is 0, a missing word is empty. */
export const settingsOf = (parameters: Parameters): Settings => ({
  number: (name) => Number(parameters[name] ?? 0),
  word: (name) => String(parameters[name] ?? ''),
});
