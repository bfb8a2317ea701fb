import { count } from '../shared/format.ts';
import { percent } from '../shared/numbers.ts';
import type { Board } from './board.ts';
import { Nothing, Panel } from './panel.tsx';
import { type Span, sum } from './points.ts';

const COLOURS = 5;
const MOST = 8;

type Share = { readonly name: string; readonly requests: number; readonly colour: string };

/** Who answered how many requests: in the last hour, or since the ledger began. */
export function Shares({ board, span }: { readonly board: Board; readonly span: Span }) {
  const served = span === 'hour' ? servedInHour(board) : servedEver(board);
  const shares = sharesOf(served, Object.keys(board.usage.by_model));
  const total = sum(shares.map(({ requests }) => requests));
  const since = new Date(board.usage.since).toLocaleDateString('en-GB', {
    ...{ day: 'numeric', month: 'short', year: 'numeric' },
  });
  return (
    <Panel
      title="Who answered"
      aside={<span class="muted">{span === 'hour' ? 'last hour' : `since ${since}`}</span>}
    >
      {total === 0 ? (
        <Nothing>Nobody was asked yet.</Nothing>
      ) : (
        <>
          <div class="share-bar" aria-hidden="true">
            {shares.map(({ name, requests, colour }) => (
              <span
                key={name}
                class="share-part"
                style={{ width: `${(requests / total) * 100}%`, background: colour }}
              />
            ))}
          </div>
          <ul class="shares numbers">
            {shares.map(({ name, requests, colour }) => (
              <li key={name}>
                <span class="swatch" style={{ background: colour }} />
                <span class="name">{name === 'none' ? 'nobody' : name}</span>
                <span class="muted">{count(requests)}</span>
                <b>{percent(requests / total)}</b>
              </li>
            ))}
          </ul>
        </>
      )}
    </Panel>
  );
}

function servedInHour({ minutes }: Board): Map<string, number> {
  const all = new Map<string, number>();
  for (const { served, requests } of minutes) {
    for (const [name, many] of Object.entries(served)) all.set(name, (all.get(name) ?? 0) + many);
    const unanswered = requests - sum(Object.values(served));
    if (unanswered > 0) all.set('none', (all.get('none') ?? 0) + unanswered);
  }
  return all;
}

function servedEver({ usage }: Board): Map<string, number> {
  return new Map(Object.entries(usage.by_model).map(([name, { requests }]) => [name, requests]));
}

/** Each keeps its colour, whatever its share is: by its rank since the ledger began. */
function sharesOf(served: Map<string, number>, ranked: readonly string[]): Share[] {
  const names = ranked.filter((name) => name !== 'none');
  const sorted = [...served].filter(([, requests]) => requests > 0).sort(([, a], [, b]) => b - a);
  const others = sum(sorted.slice(MOST).map(([, requests]) => requests));
  const shown = sorted.slice(0, MOST);
  if (others > 0) shown.push(['others', others]);
  return shown.map(([name, requests]) => ({
    name,
    requests,
    colour: name === 'none' ? 'var(--series-bad)' : colourOf(names.indexOf(name)),
  }));
}

function colourOf(rank: number): string {
  return rank >= 0 && rank < COLOURS ? `var(--series-${rank + 1})` : 'var(--series-rest)';
}
