import { faults } from '../lab/faults/catalogue.ts';
import { parseStep } from '../lab/step.ts';

const byName = new Map(faults.map(({ name, number }) => [name, number]));

/** The number of a fault in the list that every gateway has to survive; 0 for what is harmless. */
export const labNumbers = (step: string): number => byName.get(parseStep(step).fault) ?? 0;
