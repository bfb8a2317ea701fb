import { useEffect, useRef } from 'preact/hooks';
import uPlot from 'uplot';
import { minuteOfDay } from '../shared/format.ts';
import { pointed } from './pointed.ts';
import type { Span } from './points.ts';
import { theme } from './theme.ts';

/** One row of figures of a chart. */
export type Row = {
  readonly label: string;
  /** A CSS variable: `--series-1`. */
  readonly colour: string;
  readonly values: readonly (number | null)[];
};

type Props = {
  readonly kind: 'bars' | 'lines';
  readonly span: Span;
  /** Epoch seconds, evenly spaced. */
  readonly times: readonly number[];
  readonly stepSeconds: number;
  /** Bars are stacked, the first at the bottom. */
  readonly rows: readonly Row[];
  readonly show: (value: number) => string;
  /** The whole chart in words. */
  readonly summary: string;
};

const HEIGHT = 168;

const bars = uPlot.paths.bars?.({ size: [0.78, 22], radius: 0.12 });

/** A drawing of figures over time. Its legend, and what is pointed at, stand in text beside it. */
export function Chart(props: Props) {
  const place = useRef<HTMLDivElement>(null);
  const chart = useRef<uPlot | undefined>(undefined);
  const { kind, span, rows, times, summary } = props;
  const colours = theme.value;
  const shape = `${kind} ${span} ${rows.map(({ label }) => label).join()} ${colours.name}`;

  useEffect(() => {
    const { current } = place;
    if (!current) return undefined;
    const drawn = new uPlot(optionsOf(props, current.clientWidth), dataOf(props), current);
    chart.current = drawn;
    const watch = new ResizeObserver(() => {
      drawn.setSize({ width: current.clientWidth, height: HEIGHT });
    });
    watch.observe(current);
    return () => {
      watch.disconnect();
      drawn.destroy();
      chart.current = undefined;
    };
  }, [shape]);

  useEffect(() => {
    chart.current?.setData(dataOf(props));
  }, [rows, times]);

  return <div class="chart" ref={place} role="img" aria-label={summary} />;
}

/** A stack is drawn from its top to its bottom, each sum over the one below it. */
function dataOf({ kind, times, rows }: Props): uPlot.AlignedData {
  const values =
    kind === 'lines'
      ? rows.map((row) => [...row.values])
      : rows
          .map((_, top) =>
            times.map((_, index) =>
              rows.slice(0, top + 1).reduce((sum, row) => sum + (row.values[index] ?? 0), 0),
            ),
          )
          .reverse();
  return [[...times], ...values];
}

function optionsOf(props: Props, width: number): uPlot.Options {
  const { kind, span, rows, show, stepSeconds } = props;
  const { colourOf, text, line } = theme.value;
  const half = stepSeconds / 2;
  const axis = {
    stroke: text,
    font: '11px system-ui, sans-serif',
    grid: { stroke: line, width: 1 },
    ticks: { show: false },
  };
  return {
    width,
    height: HEIGHT,
    padding: [8, 18, 0, 0],
    legend: { show: false },
    cursor: {
      y: false,
      drag: { setScale: false, x: false, y: false },
      sync: { key: 'dashboard' },
      points: { show: kind === 'lines' },
    },
    ...(span === 'month' ? { tzDate: utcDate } : {}),
    scales: {
      x: { range: (_, first, last) => [first - half, last + half] },
      y: { range: (_, __, most) => [0, most > 0 ? most * 1.08 : 1] },
    },
    axes: [
      {
        ...axis,
        grid: { show: false },
        size: 24,
        values: span === 'hour' ? clockTimes : dayNames,
        space: 56,
      },
      { ...axis, size: 54, space: 34, values: (_, ticks) => ticks.map(show) },
    ],
    series: [{}, ...(kind === 'lines' ? rows.map(lineOf) : rows.map(barOf).reverse())],
    hooks: {
      setCursor: [
        ({ cursor }) => {
          pointed.value = cursor.idx ?? undefined;
        },
      ],
    },
  };

  function barOf({ colour }: Row): uPlot.Series {
    return {
      fill: colourOf(colour),
      width: 0,
      points: { show: false },
      ...(bars ? { paths: bars } : {}),
    };
  }

  function lineOf({ colour }: Row, index: number): uPlot.Series {
    const stroke = colourOf(colour);
    return {
      stroke,
      width: 1.75,
      ...(index === 0 ? { fill: `${stroke}22` } : {}),
      points: { show: true, size: 5, fill: stroke, stroke, filter: lonely },
    };
  }
}

function utcDate(seconds: number): Date {
  return uPlot.tzDate(new Date(seconds * 1000), 'Etc/UTC');
}

function clockTimes(_: uPlot, ticks: number[]): string[] {
  return ticks.map((tick) => minuteOfDay(tick * 1000));
}

function dayNames(_: uPlot, ticks: number[]): string[] {
  const day = { day: 'numeric', month: 'short', timeZone: 'UTC' } as const;
  return ticks.map((tick) => new Date(tick * 1000).toLocaleDateString('en-GB', day));
}

/** Points without a neighbour, which no line would show. */
function lonely(chart: uPlot, row: number): number[] {
  const values = chart.data[row] ?? [];
  return [...values.keys()].filter(
    (index) => values[index] != null && values[index - 1] == null && values[index + 1] == null,
  );
}
