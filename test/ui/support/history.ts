import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Row, Sums, UsageState } from '../../../src/usage/usage-state.ts';
import { MODEL, SMALL } from './traffic.ts';

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;
const LOCAL = 'local/lifeboat';

/** A month and an hour of a group's work, always the same, kept as the server itself keeps it. */
export async function keepHistory(dataDir: string, now = Date.now()): Promise<void> {
  const random = dice(7);
  const state: UsageState = {
    version: 1,
    since: now - 45 * DAY,
    total: sumsOf(48_210, random),
    by_model: {
      [MODEL]: sumsOf(36_800, random),
      [SMALL]: sumsOf(9_700, random),
      [LOCAL]: sumsOf(1_420, random),
      none: sumsOf(290, random),
    },
    by_day: daysBefore(now, random),
    by_outcome: {},
    by_arm: {},
    recent: rowsBefore(now, random),
  };
  await mkdir(dataDir, { recursive: true, mode: 0o700 });
  await writeFile(join(dataDir, 'usage.json'), JSON.stringify(state), { mode: 0o600 });
}

function daysBefore(now: number, random: () => number): Record<string, Sums> {
  const days = Array.from({ length: 31 }, (_, index) => new Date(now - (30 - index) * DAY));
  return Object.fromEntries(
    days.map((day) => {
      const isWeekend = day.getUTCDay() % 6 === 0;
      const requests = Math.round((isWeekend ? 350 : 1_500) * (0.7 + 0.6 * random()));
      return [day.toISOString().slice(0, 10), sumsOf(requests, random)];
    }),
  );
}

function sumsOf(requests: number, random: () => number): Sums {
  return {
    requests,
    attempts: Math.round(requests * 1.04),
    failed_attempts: Math.round(requests * 0.04),
    prompt_tokens: Math.round(requests * (380 + 80 * random())),
    completion_tokens: Math.round(requests * (210 + 60 * random())),
    cached_tokens: Math.round(requests * 40),
    cost_nano: Math.round(requests * (170_000 + 40_000 * random())),
    latency_ms: Math.round(requests * (820 + 260 * random())),
    first_token_ms: Math.round(requests * (240 + 90 * random())),
    first_tokens: requests,
  };
}

/** Nine hundred requests, with ten minutes in the middle in which the large model fails. */
function rowsBefore(now: number, random: () => number): Row[] {
  const rows = Array.from({ length: 900 }, (_, index): Row => {
    const ago = 59 * MINUTE * (1 - index / 900) + 2_000;
    const isOutage = ago > 24 * MINUTE && ago < 34 * MINUTE;
    const luck = random();
    const isSmall = luck > 0.78;
    const asked = isSmall ? SMALL : MODEL;
    const firstMs = Math.round(150 + 120 * random() + (luck > 0.95 ? 900 : 0));
    const common: Common = {
      ...{ at: Math.round(now - ago), id: `req_${index}`, route: '/v1/chat/completions' },
      ...{ model: asked, prompt_tokens: Math.round(120 + 500 * random()), estimated: false },
      ...{ completion_tokens: Math.round(60 + 320 * random()), cached_tokens: 0 },
      ...{ first_token_ms: firstMs, latency_ms: Math.round(firstMs + 300 + 900 * random()) },
      outcome: 'ok',
      ...{ status: 200, cost_nano: Math.round(60_000 + 160_000 * random()) },
    };
    if (isOutage && !isSmall) return duringOutage(common, luck);
    if (index % 211 === 40) return { ...common, ...refused };
    return { ...common, served_by: `groq/${asked}`, trail: `groq/${asked}` };
  });
  return rows;
}

type Common = Omit<Row, 'served_by' | 'trail'>;

const refused = {
  outcome: 'refused',
  ...{ status: 400, served_by: null, trail: '', completion_tokens: 0 },
  ...{ first_token_ms: null, cost_nano: 0, latency_ms: 9 },
} as const;

function duringOutage(common: Common, luck: number): Row {
  const slow = { ...common, latency_ms: common.latency_ms + 2_600, first_token_ms: 2_900 };
  if (luck < 0.08) {
    const trail = `groq/${MODEL}:503, groq/${SMALL}:503`;
    return { ...slow, ...refused, status: 503, outcome: 'failed', trail, latency_ms: 9_800 };
  }
  if (luck < 0.2) {
    const trail = `groq/${MODEL}:cut, groq/${SMALL}`;
    return { ...slow, served_by: `groq/${SMALL}`, trail, rescue: 'rescued' };
  }
  if (luck < 0.32) {
    const trail = `groq/${MODEL}:503, groq/${SMALL}:429, ${LOCAL}`;
    return { ...slow, served_by: LOCAL, trail, cost_nano: 0 };
  }
  return { ...slow, served_by: `groq/${SMALL}`, trail: `groq/${MODEL}:503, groq/${SMALL}` };
}

/** Numbers that look random and are the same each time. */
function dice(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state * 1_103_515_245 + 12_345) % 2 ** 31;
    return state / 2 ** 31;
  };
}
