import { timeOfDay } from '../shared/format.ts';
import type { Board } from './board.ts';
import { Nothing, Panel } from './panel.tsx';
import type { Incident } from './report.ts';
import { useServerTime } from './server-time.ts';

const HOUR_MS = 60 * 60_000;
const LISTED = 6;

const LANES = [
  ['Fallbacks', ['fallback']],
  ['Rescues', ['rescue']],
  ['Failures', ['broken', 'failed']],
  ['Breakers', ['breaker_open', 'breaker_closed']],
  ['Key', ['key_turned']],
] as const satisfies readonly (readonly [string, readonly Incident['kind'][]])[];

const WORDS: Readonly<Record<Incident['kind'], string>> = {
  fallback: 'Another model answered in place of',
  rescue: 'A broken stream was carried on, asked of',
  broken: 'A stream broke, asked of',
  failed: 'Nobody answered in place of',
  breaker_open: 'A breaker opened:',
  breaker_closed: 'A breaker closed:',
  key_turned: 'The key turned',
};

/** What did not go as planned in the last hour. */
export function Timeline({ board }: { readonly board: Board }) {
  const { incidents } = board;
  const time = useServerTime(10_000);
  return (
    <Panel
      title="Fallbacks, rescues, breakers"
      class="wide"
      aside={<span class="muted">last hour</span>}
    >
      {incidents.length === 0 ? (
        <Nothing>Everything went as planned in the last hour.</Nothing>
      ) : (
        <>
          <div class="lanes" aria-hidden="true">
            {LANES.map(([name, kinds]) => (
              <Lane key={name} name={name} now={time} incidents={ofKinds(incidents, kinds)} />
            ))}
            <div class="lane-axis numbers muted">
              {[60, 45, 30, 15].map((minutes) => (
                <span key={minutes}>−{minutes} min</span>
              ))}
              <span>now</span>
            </div>
          </div>
          <ol class="incidents" aria-label="The latest">
            {incidents
              .slice(-LISTED)
              .reverse()
              .map((incident) => (
                <li key={incident.time + incident.kind + incident.detail}>
                  <time class="muted numbers" dateTime={incident.time}>
                    {timeOfDay(incident.time)}
                  </time>
                  <span class={`dot ${incident.kind}`} />
                  <span>
                    {WORDS[incident.kind]}
                    {incident.kind !== 'key_turned' && (
                      <b> {incident.model ?? 'the default model'}</b>
                    )}
                    {incident.detail && <span class="muted trail"> {incident.detail}</span>}
                  </span>
                </li>
              ))}
          </ol>
        </>
      )}
    </Panel>
  );
}

function ofKinds(incidents: readonly Incident[], kinds: readonly Incident['kind'][]) {
  return incidents.filter(({ kind }) => kinds.includes(kind));
}

type LaneProps = {
  readonly name: string;
  readonly now: number;
  readonly incidents: readonly Incident[];
};

function Lane({ name, now: end, incidents }: LaneProps) {
  return (
    <div class="lane">
      <span class="muted">{name}</span>
      <div class="lane-track">
        {incidents.map((incident) => {
          const share = 1 - (end - Date.parse(incident.time)) / HOUR_MS;
          if (share < 0) return null;
          return (
            <span
              key={incident.time + incident.detail}
              class={`dot ${incident.kind}`}
              title={`${timeOfDay(incident.time)} ${WORDS[incident.kind]} ${incident.detail}`}
              style={{ left: `${Math.min(1, share) * 100}%` }}
            />
          );
        })}
      </div>
    </div>
  );
}
