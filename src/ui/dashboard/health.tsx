import { count, duration } from '../shared/format.ts';
import { LAST_DAY_MS } from '../shared/key-chip.tsx';
import { now } from '../shared/now.ts';
import { bytes } from '../shared/numbers.ts';
import { type Look, type StateLine, StateList } from '../shared/state-list.tsx';
import { webhookLine } from '../shared/webhook-line.ts';
import type { Board } from './board.ts';
import { Panel } from './panel.tsx';
import type { Breaker, Health } from './report.ts';
import { useServerTime } from './server-time.ts';

/** How Groq, the local model, the store and the key are. */
export function HealthPanel({ board }: { readonly board: Board }) {
  const { health, ready, heardAt } = board;
  const agoMs = Math.max(0, now.value - heardAt);
  const timeMs = useServerTime(1_000);
  const breakers = health.groq.breakers ?? [];
  const lines: StateLine[] = [
    ready.isReady
      ? { name: 'Answers', look: 'good', state: 'ready', more: `by ${ready.by}` }
      : { name: 'Answers', look: 'bad', state: 'nobody can', more: ready.reason },
    groqLine(health),
    localLine(health.local),
    storeLine(health.store),
    keyLine(health, timeMs),
    ...(health.webhook ? [webhookLine(health.webhook)] : []),
    {
      name: 'Server',
      look: 'plain',
      state: health.version,
      more: `up for ${duration(health.uptime_seconds * 1000 + agoMs)}`,
    },
  ];
  return (
    <Panel title="Health" class="health">
      <StateList lines={lines} />
      {breakers.length > 0 && (
        <>
          <h3>Circuit breakers</h3>
          <StateList
            class="long-names"
            lines={breakers.map((breaker) => breakerLine(breaker, breakers, agoMs))}
          />
        </>
      )}
    </Panel>
  );
}

function groqLine({ groq }: Health): StateLine {
  const name = 'Groq';
  if (!groq.configured) return { name, look: 'warn', state: 'no key set' };
  const breakers = groq.breakers ?? [];
  const closed = breakers.filter(({ state }) => state === 'closed').length;
  if (breakers.length === 0) return { name, look: 'plain', state: 'not asked yet' };
  if (closed === breakers.length) return { name, look: 'good', state: 'answering' };
  if (closed === 0) return { name, look: 'bad', state: 'failing' };
  return { name, look: 'warn', state: 'failing in part' };
}

const LOCAL = {
  off: ['plain', 'asleep'],
  loading: ['warn', 'loading'],
  ready: ['good', 'ready'],
  busy: ['good', 'answering'],
  broken: ['bad', 'broken'],
} as const satisfies Record<string, readonly [Look, string]>;

function localLine(local: Health['local']): StateLine {
  const [look, state] = LOCAL[local.state];
  const parts = [
    local.model,
    local.reason,
    local.memoryBytes > 0 ? bytes(local.memoryBytes) : undefined,
    local.queueLength > 0 ? `${local.queueLength} of ${local.queueLimit} waiting` : undefined,
    local.decodePerSecond ? `${count(Math.round(local.decodePerSecond))} tokens/s` : undefined,
  ];
  return { name: 'Local model', look, state, more: parts.filter(Boolean).join(' · ') };
}

function storeLine({ status, error }: Health['store']): StateLine {
  const name = 'Store';
  if (status === 'ok') return { name, look: 'good', state: 'kept on disk' };
  if (status === 'failing') return { name, look: 'bad', state: 'failing', more: error };
  return { name, look: 'warn', state: status, more: 'a restart forgets' };
}

function keyLine({ key }: Health, timeMs: number): StateLine {
  const leftMs = Date.parse(key.expiry) - timeMs;
  const ageMs = timeMs - Date.parse(key.created);
  return {
    name: 'Key',
    look: leftMs < LAST_DAY_MS ? 'warn' : 'good',
    state: leftMs > 0 ? `turns in ${duration(leftMs)}` : 'about to turn',
    more: `${key.key_id} · ${duration(ageMs)} old`,
  };
}

const BREAKERS = {
  closed: ['good', 'closed'],
  open: ['bad', 'open'],
  probing: ['warn', 'probing'],
} as const satisfies Record<string, readonly [Look, string]>;

function breakerLine(breaker: Breaker, all: readonly Breaker[], agoMs: number): StateLine {
  const { key, model, reason, probeInMs } = breaker;
  const [look, state] = BREAKERS[breaker.state];
  const isAmbiguous = all.filter((each) => each.model === model).length > 1;
  const waitMs = (probeInMs ?? 0) - agoMs;
  const parts = [
    reason,
    breaker.state === 'open' && waitMs > 0 ? `next probe in ${duration(waitMs)}` : undefined,
  ];
  return {
    name: isAmbiguous ? `${model} · ${key}` : model,
    look,
    state,
    more: parts.filter(Boolean).join(' · '),
  };
}
