import { minuteOfDay } from '../shared/format.ts';
import { Chart, type Row } from './chart.tsx';
import { Nothing, Panel } from './panel.tsx';
import { pointed } from './pointed.ts';
import { type Points, type Span, sum } from './points.ts';

type Props = {
  readonly title: string;
  readonly class?: string;
  readonly kind: 'bars' | 'lines';
  readonly span: Span;
  readonly points: Points;
  readonly rows: readonly Row[];
  readonly show: (value: number) => string;
  readonly nothing: string;
};

/** A chart with its legend: sums (or the latest figures of lines), or what is pointed at. */
export function ChartPanel({ title, kind, span, points, rows, show, nothing, ...look }: Props) {
  const { times, stepSeconds } = points;
  const index = pointed.value;
  const isEmpty = rows.every(({ values }) => values.every((value) => !value));
  const at = index === undefined ? undefined : times[index];
  const figures = rows.map((row) => ({
    ...row,
    figure: at === undefined ? overall(kind, row) : (row.values[index ?? 0] ?? undefined),
  }));
  const words = figures.map(
    ({ label, figure }) => `${label} ${figure === undefined ? 'none' : show(figure)}`,
  );
  const span_ = span === 'hour' ? 'by minute over the last hour' : 'by day over the last 31 days';
  return (
    <Panel
      {...look}
      title={title}
      aside={
        <span class="muted numbers when">
          {at === undefined ? OVERALL[kind] : nameOf(at, span)}
        </span>
      }
    >
      {isEmpty ? (
        <Nothing>{nothing}</Nothing>
      ) : (
        <>
          <ul class="legend numbers">
            {figures.map(({ label, colour, figure }) => (
              <li key={label}>
                <span class="swatch" style={{ background: `var(${colour})` }} />
                {label} <b>{figure === undefined ? '–' : show(figure)}</b>
              </li>
            ))}
          </ul>
          <Chart
            {...{ kind, span, times, stepSeconds, rows, show }}
            summary={`${title} ${span_}: ${words.join(', ')}`}
          />
        </>
      )}
    </Panel>
  );
}

/** What figures stand for while nobody points at the chart. */
const OVERALL = { bars: 'in all', lines: 'latest' } as const;

function overall(kind: Props['kind'], { values }: Row): number | undefined {
  if (kind === 'bars') return sum(values.map((value) => value ?? 0));
  return values.findLast((value) => value !== null) ?? undefined;
}

function nameOf(seconds: number, span: Span): string {
  const date = new Date(seconds * 1000);
  if (span === 'hour') return minuteOfDay(date);
  const day = { weekday: 'short', day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return date.toLocaleDateString('en-GB', day);
}
