import type { Request } from './report.ts';

/** Columns that a table of requests can be sorted by. */
export type Column =
  | 'time'
  | 'model'
  | 'served_by'
  | 'outcome'
  | 'tokens'
  | 'first_token_ms'
  | 'latency_ms'
  | 'cost';

/** What is chosen of the requests, and in which order. */
export type Selection = {
  /** Words that must all occur somewhere in a request. */
  readonly words: string;
  readonly outcome: OutcomeChoice;
  readonly column: Column;
  readonly isRising: boolean;
};

export const OUTCOMES = {
  all: 'All outcomes',
  ok: 'Answered',
  fallback: 'Answered by another',
  rescued: 'Rescued in mid-stream',
  refused: 'Refused',
  limited: 'Out of quota',
  failed: 'Failed',
  broken: 'Broken in mid-stream',
  hung_up: 'Hung up',
} as const;

export type OutcomeChoice = keyof typeof OUTCOMES;

/** The chosen requests in the chosen order. */
export function selected(requests: readonly Request[], selection: Selection): Request[] {
  const { words, outcome, column, isRising } = selection;
  const wanted = words.toLowerCase().split(/\s+/).filter(Boolean);
  const chosen = requests.filter(
    (request) =>
      isChosen(request, outcome) && wanted.every((word) => textOf(request).includes(word)),
  );
  // They come newest first, and sorting keeps that among equals.
  if (column === 'time') return isRising ? chosen.reverse() : chosen;
  const sign = isRising ? 1 : -1;
  return chosen.sort(
    (one, other) => sign * compared(figureOf(one, column), figureOf(other, column)),
  );
}

/** Whether another model than the first one that was tried has answered. */
export function isFallback({ trail, served_by }: Request): boolean {
  return served_by !== null && trail.includes(', ');
}

/** All its tokens. */
export function tokensOf({ prompt_tokens, completion_tokens }: Request): number {
  return prompt_tokens + completion_tokens;
}

function isChosen(request: Request, outcome: OutcomeChoice): boolean {
  if (outcome === 'all') return true;
  if (outcome === 'fallback') return isFallback(request);
  if (outcome === 'rescued') return request.rescue === 'rescued';
  return request.outcome === outcome;
}

function textOf({ id, route, model, served_by, trail, status, outcome }: Request): string {
  return [id, route, model, served_by, trail, status, outcome].join(' ').toLowerCase();
}

function figureOf(request: Request, column: Exclude<Column, 'time'>): string | number {
  if (column === 'tokens') return tokensOf(request);
  return request[column] ?? (column === 'first_token_ms' ? -1 : '');
}

function compared(one: string | number, other: string | number): number {
  if (typeof one === 'number' && typeof other === 'number') return one - other;
  return String(one).localeCompare(String(other));
}
