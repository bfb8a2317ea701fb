import { useSignal } from '@preact/signals';
import { compact, duration } from '../shared/format.ts';
import { now } from '../shared/now.ts';
import type { Board } from './board.ts';
import { Nothing, Panel } from './panel.tsx';
import type { ModelWindows, Window } from './report.ts';

const NAMES = {
  rpm: 'Requests/min',
  rpd: 'Requests/day',
  tpm: 'Tokens/min',
  tpd: 'Tokens/day',
} as const;

const FEW = 6;

/** What is left of the provider's limits, by model. */
export function Windows({ board }: { readonly board: Board }) {
  const showsAll = useSignal(false);
  const { models, concurrency } = board.limits;
  const { open, waiting, limit } = concurrency;
  const hasKeys = new Set(models.map(({ key }) => key)).size > 1;
  const shown = showsAll.value ? models : models.slice(0, FEW);
  return (
    <Panel
      title="Limits"
      class="limits"
      aside={
        <span class="muted numbers">
          {open} of {limit} calls open{waiting > 0 ? `, ${waiting} waiting` : ''}
        </span>
      }
    >
      {models.length === 0 && (
        <Nothing>
          {board.health.groq.configured
            ? 'No model of the cloud was asked yet; its limits appear with its first answer.'
            : 'No Groq key is set. The local model has no limits.'}
        </Nothing>
      )}
      {shown.map((each) => (
        <Model
          key={each.key + each.model}
          of={each}
          keyName={hasKeys ? each.key.slice(0, 8) : undefined}
          since={board.limitsAt}
        />
      ))}
      {models.length > FEW && !showsAll.value && (
        <button
          type="button"
          class="button"
          onClick={() => {
            showsAll.value = true;
          }}
        >
          Show all {models.length} models
        </button>
      )}
    </Panel>
  );
}

type ModelProps = {
  readonly of: ModelWindows;
  readonly keyName: string | undefined;
  /** When its times were told. */
  readonly since: number;
};

function Model({ of, keyName, since }: ModelProps) {
  const { model, windows, closed_for_ms } = of;
  const closedMs = closed_for_ms - sinceMs(since);
  const known = windows.filter(({ limit }) => limit !== null);
  return (
    <div class="model">
      <h3>
        {model}
        {keyName && <span class="muted"> · key {keyName}</span>}
        {closedMs > 0 && <span class="chip warn numbers">closed for {duration(closedMs)}</span>}
      </h3>
      {known.length === 0 ? (
        <p class="muted">No limit of it is known.</p>
      ) : (
        <div class="meters">
          {known.map((window) => (
            <Meter key={window.window} {...window} since={since} />
          ))}
        </div>
      )}
    </div>
  );
}

type MeterProps = Window & { readonly since: number };

function Meter({ window, limit, used, reset_ms, since }: MeterProps) {
  const most = limit ?? 0;
  const share = most > 0 ? Math.min(1, used / most) : 1;
  const leftMs = reset_ms - sinceMs(since);
  const look = share >= 0.9 ? 'bad' : share >= 0.7 ? 'warn' : 'good';
  return (
    <div class="meter numbers">
      <span>{NAMES[window]}</span>
      <span class="of">
        <b>{compact(used)}</b> / {compact(most)}
      </span>
      <div class={`track ${look}`} aria-hidden="true">
        <div class="fill" style={{ width: `${share * 100}%` }} />
      </div>
      <span class="muted reset">
        {used > 0 && leftMs > 0 ? `resets in ${duration(leftMs)}` : 'unused'}
      </span>
    </div>
  );
}

/** The page's time is told once a second, and may be behind. */
function sinceMs(time: number): number {
  return Math.max(0, now.value - time);
}
