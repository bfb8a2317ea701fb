import { useSignal } from '@preact/signals';
import { useEffect, useMemo } from 'preact/hooks';
import type { Board } from './board.ts';
import { Charts } from './charts.tsx';
import { HealthPanel } from './health.tsx';
import { HearingChip, HearingNote } from './hearing.tsx';
import { board, listen } from './live.ts';
import { pointed } from './pointed.ts';
import { pointsOf, type Span } from './points.ts';
import { Requests } from './requests.tsx';
import { useServerTime } from './server-time.ts';
import { Shares } from './share.tsx';
import { Skeleton } from './skeleton.tsx';
import { Tiles } from './tiles.tsx';
import { Timeline } from './timeline.tsx';
import { Windows } from './windows.tsx';

const SPANS = [
  ['hour', 'Last hour'],
  ['month', 'Last 31 days'],
] as const satisfies readonly (readonly [Span, string])[];

/** The whole board; it listens for as long as it is shown. */
export function BoardPage() {
  const span = useSignal<Span>('hour');
  useEffect(listen, []);
  const known = board.value;
  return (
    <>
      <div class="board-head">
        <h1>Dashboard</h1>
        <HearingChip />
        <fieldset class="spans">
          <legend class="hidden-visually">Time span</legend>
          {SPANS.map(([value, name]) => (
            <label key={value}>
              <input
                type="radio"
                name="span"
                checked={span.value === value}
                onChange={() => {
                  pointed.value = undefined;
                  span.value = value;
                }}
              />
              <span>{name}</span>
            </label>
          ))}
        </fieldset>
      </div>
      <HearingNote hasBoard={known !== undefined} />
      {known ? <Panels board={known} span={span.value} /> : <Skeleton />}
    </>
  );
}

function Panels({ board: known, span }: { readonly board: Board; readonly span: Span }) {
  const { minutes, days } = known;
  const minute = useServerTime(60_000);
  const points = useMemo(
    () => pointsOf({ minutes, days }, span, minute),
    [minutes, days, span, minute],
  );
  return (
    <>
      <Tiles board={known} points={points} span={span} />
      <div class="board">
        <div class="column">
          <Windows board={known} />
          <Shares board={known} span={span} />
        </div>
        <HealthPanel board={known} />
        <Charts points={points} span={span} />
        <Timeline board={known} />
        <Requests />
      </div>
    </>
  );
}
