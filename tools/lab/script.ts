import { type Parameters, parseStep, type Step, type StepInput } from './step.ts';

/** What happens after the last step: it repeats, or the model is healthy from then on. */
export type Afterwards = 'repeat' | 'healthy';

/** A step that is being played, and when it was played first. */
export type Playing = {
  readonly step: Step;
  /** Wall-clock milliseconds of the first request that met this very step. */
  readonly sinceMs: number;
};

/** Which step the next request for a model meets. */
export interface Scripts {
  set(model: string, steps: readonly StepInput[], afterwards: Afterwards): void;
  knows(model: string): boolean;
  next(model: string | undefined, atMs: number): Playing;
  clear(): void;
}

const healthy: Step = { fault: 'healthy', times: Number.POSITIVE_INFINITY, parameters: {} };
const maxScripts = 10_000;

type Script = {
  readonly steps: readonly Step[];
  position: number;
  played: number;
  sinceMs: number;
};

function advance(script: Script, atMs: number): Playing {
  const step = script.steps[script.position] ?? healthy;
  const spent = script.played >= step.times && script.position < script.steps.length - 1;
  if (spent) {
    script.position += 1;
    script.played = 0;
    return advance(script, atMs);
  }
  if (script.played === 0) script.sinceMs = atMs;
  script.played += 1;
  return { step, sinceMs: script.sinceMs };
}

/**
 * Scripts by model name; `*` stands for every request without a script of its own. Names that
 * themselves describe a fault get their steps from `stepsOfName`.
 */
export function createScripts(
  check: (step: Step) => Parameters,
  stepsOfName: (model: string) => readonly StepInput[] | undefined,
): Scripts {
  const scripts = new Map<string, Script>();

  function set(model: string, steps: readonly StepInput[], afterwards: Afterwards): void {
    const parsed = steps.map(parseStep).map((step) => ({ ...step, parameters: check(step) }));
    const whole = afterwards === 'healthy' || parsed.length === 0 ? [...parsed, healthy] : parsed;
    if (scripts.size >= maxScripts) scripts.delete([...scripts.keys()][0] ?? '');
    scripts.set(model, { steps: whole, position: 0, played: 0, sinceMs: 0 });
  }

  return {
    set,
    knows: (model) => scripts.has(model) || stepsOfName(model) !== undefined,
    next(model = '', atMs) {
      const named = scripts.has(model) ? undefined : stepsOfName(model);
      if (named) set(model, named, 'repeat');
      // The list of models is polled by gateways; a script for all must not be used up by that.
      const shared = model.startsWith('GET ') ? undefined : scripts.get('*');
      const script = scripts.get(model) ?? shared;
      return script ? advance(script, atMs) : { step: healthy, sinceMs: atMs };
    },
    clear: () => scripts.clear(),
  };
}
