import { isObject } from './json.ts';

/** A fault's parameters, each a number or a word. */
export type Parameters = Readonly<Record<string, number | string>>;

/** One thing to do with a request: a fault (or `healthy`) by name, how often, and how exactly. */
export type Step = {
  readonly fault: string;
  readonly times: number;
  readonly parameters: Parameters;
};

/**
 * A step as people write it: `cut`, `429-once`, `stall:tokens=5,ms=2000`, or an object whose
 * further members are the parameters: `{ fault: '429', times: 2, retryAfter: 3 }`.
 */
export type StepInput = string | ({ readonly fault: string; readonly times?: number } & Parameters);

/** Thrown for a step that names no fault or a parameter that the fault doesn't have. */
export class BadStep extends Error {}

/** How often each suffix of a step's name plays it before the next step. */
const suffixes: readonly (readonly [string, number])[] = [
  ['-once', 1],
  ['-twice', 2],
  ['-forever', Number.POSITIVE_INFINITY],
];

function parametersOf(text: string): Parameters {
  const pairs = text
    .split(',')
    .filter((pair) => pair.length > 0)
    .map((pair) => {
      const [name = '', ...rest] = pair.split('=');
      const value = rest.join('=');
      const number = Number(value);
      return [name, value !== '' && Number.isFinite(number) ? number : value] as const;
    });
  return Object.fromEntries(pairs);
}

function stepOfText(text: string): Step {
  const colon = text.indexOf(':');
  const name = colon < 0 ? text : text.slice(0, colon);
  const parameters = colon < 0 ? {} : parametersOf(text.slice(colon + 1));
  const suffix = suffixes.find(([ending]) => name.endsWith(ending));
  const fault = suffix ? name.slice(0, -suffix[0].length) : name;
  return { fault, times: suffix?.[1] ?? 1, parameters };
}

/** Reads one step; the fault's name is not looked up yet. */
export function parseStep(input: unknown): Step {
  if (typeof input === 'string') return stepOfText(input);
  if (!isObject(input)) throw new BadStep('a step is a string or an object with a fault');
  const { fault, times = 1, ...parameters } = input;
  if (typeof fault !== 'string') throw new BadStep('a step needs the name of a fault');
  if (typeof times !== 'number' || !(times >= 1)) throw new BadStep('times is a number from 1 on');
  const named = stepOfText(fault);
  const own = Object.entries(parameters).filter(
    (entry): entry is [string, number | string] =>
      typeof entry[1] === 'number' || typeof entry[1] === 'string',
  );
  return {
    fault: named.fault,
    times: Math.max(times, named.times),
    parameters: { ...named.parameters, ...Object.fromEntries(own) },
  };
}

/** The step as the log shows it, for example `cut:tokens=8`. */
export function describeStep({ fault, parameters }: Step): string {
  const pairs = Object.entries(parameters).map(([name, value]) => `${name}=${value}`);
  return pairs.length === 0 ? fault : `${fault}:${pairs.join(',')}`;
}
