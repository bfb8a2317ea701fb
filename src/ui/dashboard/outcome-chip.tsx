import type { Request } from './report.ts';
import { isFallback } from './selection.ts';

const LOOKS = {
  ok: ['good', 'answered'],
  refused: ['plain', 'refused'],
  limited: ['warn', 'out of quota'],
  failed: ['bad', 'failed'],
  broken: ['bad', 'broken'],
  hung_up: ['plain', 'hung up'],
} as const;

/** How a request ended, in a word or two. */
export function OutcomeChip({ request }: { readonly request: Request }) {
  const [look, word] = LOOKS[request.outcome];
  if (request.outcome !== 'ok') return <span class={`chip ${look}`}>{word}</span>;
  if (request.rescue === 'rescued') return <span class="chip warn">rescued</span>;
  if (request.cache === 'hit') return <span class="chip good">from memory</span>;
  if (isFallback(request)) return <span class="chip warn">fallback</span>;
  return <span class={`chip ${look}`}>{word}</span>;
}
