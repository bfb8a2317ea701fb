import { BadStep, type Parameters, type Step } from '../step.ts';
import { connectionFaults } from './connection.ts';
import { cutFaults } from './cut.ts';
import { endingFaults } from './endings.ts';
import type { Fault } from './fault.ts';
import { framingFaults } from './framing.ts';
import { garbageFaults } from './garbage.ts';
import { gzipFaults } from './gzip.ts';
import { healthyFaults } from './healthy.ts';
import { inbandFaults } from './inband.ts';
import { prefillFaults } from './prefill.ts';
import { sliceFaults } from './slice.ts';
import { stallFaults } from './stall.ts';
import { statusFaults } from './status.ts';

/** Every way to answer, the healthy one first. */
export const faults: readonly Fault[] = [
  ...healthyFaults,
  ...statusFaults,
  ...connectionFaults,
  ...cutFaults,
  ...sliceFaults,
  ...stallFaults,
  ...inbandFaults,
  ...garbageFaults,
  ...gzipFaults,
  ...framingFaults,
  ...endingFaults,
  ...prefillFaults,
];

const byName = new Map(faults.map((fault) => [fault.name, fault]));

/** Parameters that every fault takes: the pause between tokens, and the length of the answer. */
const common = ['gapMs', 'answerTokens'];

/** Whether there is a fault of that name. */
export const isFault = (name: string): boolean => byName.has(name);

/** The fault of that name. */
export function faultNamed(name: string): Fault {
  const fault = byName.get(name);
  if (!fault) throw new BadStep(`there is no fault named ${name}; GET /__lab/faults lists them`);
  return fault;
}

function checkParameter({ name, defaults, words = {} }: Fault, parameter: string, value: unknown) {
  const expected = defaults[parameter];
  if (expected === undefined && !common.includes(parameter)) {
    throw new BadStep(`${name} has no parameter ${parameter}`);
  }
  const choices = words[parameter];
  if (choices && !choices.includes(String(value))) {
    throw new BadStep(`${parameter} of ${name} is one of ${choices.join(', ')}`);
  }
  if (!choices && typeof value !== 'number')
    throw new BadStep(`${parameter} of ${name} is a number`);
}

/** A step's parameters together with the defaults; throws {@link BadStep} for a strange one. */
export function checkedParameters({ fault: name, parameters }: Step): Parameters {
  const fault = faultNamed(name);
  for (const [parameter, value] of Object.entries(parameters)) {
    checkParameter(fault, parameter, value);
  }
  return { ...fault.defaults, ...parameters };
}
