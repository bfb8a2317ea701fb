import { shownTrail } from '../core/trail.ts';
import type { RequestState } from './state.ts';

/**
 * Whom an answer took, as log, ledger and traces show it. Who answered stands at its end; nobody does
 * where it broke and no one could carry it on.
 */
export function trailOf({
  trail = [],
  servedBy,
  broken,
}: NonNullable<RequestState['answer']>): string {
  const isLost = broken !== undefined && trail.length > 0;
  return shownTrail(trail, isLost ? undefined : servedBy);
}
