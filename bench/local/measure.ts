import { existsSync } from 'node:fs';
import { median, rounded } from '../lib/statistics.ts';
import { type Conversation, converse, firstToken, promptWords, type Work } from './conversation.ts';
import { engineAlone, type Speeds } from './engine.ts';
import { healthWhile, type Watched, watchedKeyturn } from './keyturn.ts';
import { type LlamaServer, llamaBench, llamaServer } from './llama-cpp.ts';
import { memoryOf } from './memory.ts';
import { limitCpu } from './quota.ts';
import { words as text } from './words.ts';

/** What is measured once, in a run of its own. */
export type Case = {
  readonly model: string;
  /** A share of one CPU for each program; undefined: all that is there. */
  readonly cpus: number | undefined;
  readonly rounds: number;
  readonly work: Work;
};

/** Paths of llama.cpp's own programs; what is missing isn't measured. */
export type Programs = {
  readonly bench: string | undefined;
  readonly server: string | undefined;
};

/** Figures of one program, by what they are. */
export type Row = Readonly<Record<string, number>>;

/** Figures by program; the last one holds ratios of ours to theirs. */
export type Rows = Readonly<Record<string, Row>>;

/** What the machine itself does to an event loop is seen while nothing is asked. */
const IDLE_MS = 3000;
const pause = (ms: number) => new Promise((done) => setTimeout(done, ms));

/** Seeds of the chats that are watched. */
const WATCHED = 100;

/** Spread over the length of a step. */
const HANG_UPS_MS = [330, 390, 450, 510];

/** The programs without HTTP: the engine's process alone, and llama-bench. */
export async function benchEngines(
  { model, cpus, rounds, work }: Case,
  { bench }: Programs,
): Promise<Rows> {
  const engine = await engineAlone(model, cpus);
  const quota = limitCpu(engine.pid, cpus);
  const ours: Speeds[] = [];
  const theirs: Speeds[] = [];
  try {
    if (cpus === undefined) await engine.measure(work, 1);
    for (let seed = 2; seed < rounds + 2; seed += 1) {
      ours.push(await engine.measure(work, seed));
      if (bench) theirs.push(await llamaBench(bench, { model, cpus }, work));
    }
  } finally {
    await engine.stop();
    await quota.lift();
  }
  if (!bench) return { 'engine alone': speedRow(ours) };
  return {
    'engine alone': speedRow(ours),
    'llama-bench': speedRow(theirs),
    'engine / llama-bench': {
      'prefill/s': ratio(ours, theirs, ({ prefill }) => prefill),
      'decode/s': ratio(ours, theirs, ({ decode }) => decode),
    },
  };
}

/** The programs over HTTP: keyturn and llama-server. */
export async function benchServers(measured: Case, { server }: Programs): Promise<Rows> {
  const keyturn = await watchedKeyturn(measured.model);
  const quota = limitCpu(keyturn.peer.pid, measured.cpus);
  const other = server ? await llamaServer(server, measured) : undefined;
  let modelPid: number | undefined;
  try {
    const coldMs = await firstToken(keyturn.endpoint);
    modelPid = await keyturn.modelPid();
    const { ours, theirs, watched } = await chats(measured, keyturn, other);
    // Alone with the file, so that its pages are shared with nobody.
    await other?.stop();
    const product = memoryOf(modelPid).pss + memoryOf(keyturn.peer.pid).pss;
    const whole = { 'whole product PSS, MB': product };
    return {
      keyturn: { 'cold first token, ms': rounded(coldMs), ...ours, ...watched, ...whole },
      ...(other ? { 'llama-server': theirs } : {}),
      ...(other ? { 'keyturn / llama-server': versus(ours, theirs) } : {}),
    };
  } finally {
    await keyturn.peer.stop();
    await other?.stop();
    if (modelPid !== undefined) await ended(modelPid);
    await quota.lift();
  }
}

/** Both servers have the same chats, by turns. */
async function chats(
  { rounds, work, cpus }: Case,
  keyturn: Watched,
  other: LlamaServer | undefined,
): Promise<{ ours: Row; theirs: Row; watched: Row }> {
  const theirColdMs = other ? other.startMs + (await firstToken(other.endpoint)) : 0;
  const words = await promptWords(keyturn.endpoint, work);
  const ours: Conversation[] = [];
  const theirs: Conversation[] = [];
  const health: number[] = [];
  const loop: number[] = [];
  const idle: number[] = [];
  const freed: number[] = [];
  for (let seed = 2; seed < rounds + 2; seed += 1) {
    const chat = { words, answerTokens: work.answerTokens, seed };
    ours.push(await converse(keyturn.endpoint, chat));
    if (other) theirs.push(await converse(other.endpoint, chat));
    // A chat of its own: who looks takes of the CPU, and nobody looks at the other server.
    const watched = () => converse(keyturn.endpoint, { ...chat, seed: seed + WATCHED });
    const { result, maxMs } = await keyturn.loopDelayWhile(() => {
      return healthWhile(keyturn.peer.url, watched(), cpus === undefined ? 20 : 1000);
    });
    health.push(result.p99Ms);
    loop.push(maxMs);
    idle.push((await keyturn.loopDelayWhile(() => pause(IDLE_MS))).maxMs);
    // At a fraction of a CPU nothing was promised.
    for (const afterMs of cpus === undefined ? HANG_UPS_MS : []) {
      freed.push(await keyturn.cancelled(text(words, seed * 1000 + afterMs), afterMs));
    }
  }
  const child = memoryOf(await keyturn.modelPid());
  const watched = {
    ...{ 'model RSS, MB': child.rss, 'anon, MB': child.anon, 'file, MB': child.file },
    '/health p99, ms': rounded(median(health)),
    'loop delay max, ms': rounded(median(loop)),
    'loop delay at worst, ms': rounded(Math.max(...loop)),
    'idle, ms': rounded(Math.max(...idle)),
    ...(freed.length > 0
      ? {
          'free after a cancel in prefill, ms': rounded(median(freed)),
          'at worst, ms': rounded(Math.max(...freed)),
        }
      : {}),
  };
  const cold = { 'cold first token, ms': rounded(theirColdMs) };
  const all = other ? { ...cold, ...chatRow(theirs), ...serverMemory(other.pid) } : {};
  return { ours: chatRow(ours), theirs: all, watched };
}

function chatRow(all: readonly Conversation[]): Row {
  const middle = (pick: (chat: Conversation) => number) => rounded(median(all.map(pick)));
  return {
    'prompt tokens': middle(({ first }) => first.promptTokens),
    'prompt tokens of turn 2': middle(({ second }) => second.promptTokens),
    'of them not in the cache': middle(({ second }) => second.promptTokens - second.cachedTokens),
    'turn 1 first token, ms': middle(({ first }) => first.firstTokenMs),
    'turn 2 first token, ms': middle(({ second }) => second.firstTokenMs),
    'turn 2 / turn 1': middle(({ first, second }) => second.firstTokenMs / first.firstTokenMs),
    'prefill/s': middle(({ first }) => first.enginePrefill),
    'decode/s': middle(({ first }) => first.decodePerSecond),
  };
}

function versus(ours: Row, theirs: Row): Row {
  const names = ['turn 1 first token, ms', 'turn 2 first token, ms', 'prefill/s', 'decode/s'];
  const share = (name: string) => rounded((ours[name] ?? 0) / (theirs[name] ?? 0));
  return Object.fromEntries(names.map((name) => [name, share(name)]));
}

function serverMemory(pid: number): Row {
  const { rss, anon, file } = memoryOf(pid);
  return { 'model RSS, MB': rss, 'anon, MB': anon, 'file, MB': file };
}

function speedRow(runs: readonly Speeds[]): Row {
  return {
    'prefill/s': rounded(median(runs.map(({ prefill }) => prefill))),
    'decode/s': rounded(median(runs.map(({ decode }) => decode))),
  };
}

/** The median of the rounds' own ratios: the machine's speed drifts from round to round. */
function ratio(
  ours: readonly Speeds[],
  theirs: readonly Speeds[],
  pick: (speeds: Speeds) => number,
): number {
  const shares = ours.map((speeds, round) => {
    const other = theirs[round];
    return other ? pick(speeds) / pick(other) : Number.NaN;
  });
  return rounded(median(shares));
}

/** The model's process ends by itself when its server is gone. */
async function ended(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await new Promise((done) => setTimeout(done, 20));
}
