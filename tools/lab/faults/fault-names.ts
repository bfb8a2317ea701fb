import type { StepInput } from '../step.ts';
import { isFault } from './catalogue.ts';

/** What a bare `fault-<number>` plays. */
const numbered: Readonly<Record<string, readonly StepInput[]>> = {
  1: ['429-once', 'healthy'],
  2: ['429-bare'],
  3: ['500-once', 'healthy'],
  4: ['503'],
  5: ['reset-once', 'healthy'],
  6: ['silent'],
  7: ['late-first-token'],
  8: ['cut'],
  9: ['stall'],
  10: ['malformed'],
  11: ['no-done'],
  12: ['context'],
  13: ['policy'],
  14: ['prefill-refused'],
  15: ['down'],
  16: ['inband-data'],
  17: ['html'],
  18: ['data-lines'],
  19: ['usage-double'],
  20: ['401'],
  21: ['retired'],
  22: ['413'],
  23: ['407'],
};

/**
 * The steps that a model's name itself describes: `lab/429-once`, `lab/cut:tokens=3`,
 * `fault-8-cut-reset`, `fault-8`. Behind `#` anything may follow, to tell runs apart.
 */
export function stepsOfName(model: string): readonly StepInput[] | undefined {
  const name = /^(?:lab\/)?(?:fault-(.+)|(.+))$/.exec(model.split('#')[0] ?? '');
  if (!name || (name[1] === undefined && !model.startsWith('lab/'))) return undefined;
  const spoken = name[1] ?? name[2] ?? '';
  const bare = numbered[spoken];
  if (bare) return bare;
  for (const candidate of [spoken, spoken.replace(/^\d+-/, '')]) {
    const fault = candidate.split(':')[0]?.replace(/-(once|twice|forever)$/, '') ?? '';
    if (!isFault(fault)) continue;
    return /-(once|twice)(:|$)/.test(candidate) ? [candidate, 'healthy'] : [candidate];
  }
  return undefined;
}
