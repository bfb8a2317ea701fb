import { setTimeout as pause } from 'node:timers/promises';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { cpuMs, untilWorked } from '../support/cpu-time.ts';
import { type Shape, writeGguf } from '../support/gguf-writer.ts';
import { median } from '../support/median.ts';
import { scratchFolder } from '../support/scratch.ts';
import { startServer, type TestServer } from '../support/server.ts';

/** Heavy enough that a whole step of its prompt takes about a second. */
const HEAVY: Shape = {
  layers: 8,
  embedding: 1536,
  heads: 24,
  headsKv: 8,
  feedForward: 8192,
  vocabulary: 4096,
  context: 2048,
};
const PROMISED_MS = 150;
/** A step is broken off between two of its operations, and this model's are long. */
const USUAL_MS = 75;
/** Spread over a whole step. */
const HANG_UPS_MS = [300, 440, 580, 720, 860];

const scratch = scratchFolder();
let server: TestServer;
let key: string;

beforeAll(async () => {
  const model = scratch.path('heavy.gguf');
  writeGguf(model, { shape: HEAVY, packing: 'q4_k_m' });
  server = await startServer({ LOCAL_MODEL: model, LOCAL_CONTEXT: '2048', LOCAL_QUEUE: '0' });
  key = await server.key();
  // The first steps of a model's life tell how long one may be.
  await chat({ prompt: words('first', 20), max_tokens: 1 });
}, 90_000);
afterAll(async () => {
  await server.stop();
  scratch.remove();
});

function words(start: string, count: number): string {
  return `${start} ${'baba bebe bibi '.repeat(count)}`;
}

async function chat(body: object, signal?: AbortSignal): Promise<number> {
  const answer = await fetch(`${server.url}/local-chat`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
    ...(signal ? { signal } : {}),
  });
  await answer.text();
  return answer.status;
}

async function local(): Promise<{ state: string; pid: number }> {
  const answer = await fetch(`${server.url}/health`);
  return ((await answer.json()) as { local: { state: string; pid: number } }).local;
}

/** Hangs up in the midst of a long prompt. @returns how much CPU time goes into it after that */
async function workAfterHangUp(afterMs: number): Promise<number> {
  const controller = new AbortController();
  const { pid } = await local();
  const asked = chat({ prompt: words(`${afterMs}`, 120) }, controller.signal).catch(() => 'gone');
  await untilWorked(pid, afterMs);
  expect((await local()).state).toBe('busy');
  const before = cpuMs(pid);
  controller.abort();
  expect(await asked).toBe('gone');
  while ((await local()).state === 'busy') await pause(5);
  return cpuMs(pid) - before;
}

it.runIf(process.platform === 'linux')(
  'who hangs up in the midst of a prompt costs a heavy model no more than the promised time',
  { timeout: 90_000 },
  async () => {
    const spent: number[] = [];
    for (const afterMs of HANG_UPS_MS) {
      spent.push(await workAfterHangUp(afterMs));
      expect(await chat({ prompt: 'ba', max_tokens: 1 })).toBe(200);
    }
    expect(median(spent)).toBeLessThan(USUAL_MS);
    expect(Math.max(...spent)).toBeLessThan(PROMISED_MS);
  },
);
