import { compact, count, duration } from '../shared/format.ts';
import { dollars, percent } from '../shared/numbers.ts';
import type { Board } from './board.ts';
import { type Points, type Span, sum } from './points.ts';
import type { Quantiles } from './report.ts';

type Props = { readonly board: Board; readonly points: Points; readonly span: Span };

/** The span in six figures. */
export function Tiles(props: Props) {
  const { points } = props;
  const prompt = sum(points.prompt);
  const completion = sum(points.completion);
  const failed = sum(points.failed);
  const requests = sum(points.answered) + failed;
  return (
    <dl class="tiles numbers">
      <Tile
        name="Requests"
        figure={count(requests)}
        more={requestsMore(props, failed / requests)}
      />
      <Tile
        name="Tokens"
        figure={compact(prompt + completion)}
        more={`${compact(prompt)} in, ${compact(completion)} out`}
      />
      <Tile name="Cost" figure={dollars(sum(points.cost))} more="by the price list" />
      {times(props).map((tile) => (
        <Tile key={tile.name} {...tile} />
      ))}
    </dl>
  );
}

type TileProps = { readonly name: string; readonly figure: string; readonly more: string };

function Tile({ name, figure, more }: TileProps) {
  return (
    <div class="tile">
      <dt>{name}</dt>
      <dd>
        <b>{figure}</b>
        <span class="muted">{more}</span>
      </dd>
    </div>
  );
}

function requestsMore({ board, span }: Props, failedShare: number): string {
  if (span === 'hour') return failedShare > 0 ? `${percent(failedShare)} failed` : 'none failed';
  const { since, total } = board.usage;
  const day = new Date(since).toLocaleDateString('en-GB', { day: 'numeric', month: 'short' });
  return `${count(total.requests)} since ${day}`;
}

function times({ board, span }: Props): TileProps[] {
  if (span === 'hour') {
    const { latency_ms, first_token_ms } = board.hour;
    return [quantileTile('Latency', latency_ms), quantileTile('First token', first_token_ms)];
  }
  const { days } = board;
  return [
    meanTile(
      'Latency',
      days.map((day) => [day.mean_latency_ms, day.requests]),
    ),
    meanTile(
      'First token',
      days.map((day) => [day.mean_first_token_ms, day.first_tokens]),
    ),
  ];
}

function quantileTile(name: string, quantiles: Quantiles): TileProps {
  if (!quantiles) return { name, figure: '–', more: 'no request' };
  return { name, figure: duration(quantiles.p50), more: `95 % within ${duration(quantiles.p95)}` };
}

function meanTile(name: string, days: readonly (readonly [number | null, number])[]): TileProps {
  const many = sum(days.map(([mean, requests]) => (mean === null ? 0 : requests)));
  if (many === 0) return { name, figure: '–', more: 'no request' };
  const total = sum(days.map(([mean, requests]) => (mean ?? 0) * requests));
  return { name, figure: duration(total / many), more: 'on average' };
}
