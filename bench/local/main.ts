// `npm run bench:local`: the local model over HTTP on one thread, with a random-weight model of each
// shape. Options after `--`: --llama-bench <program> and --llama-server <program> run llama.cpp's own
// beside it, in paired rounds (bench/local/build-llama-cpp.sh builds them); --shape 135m-q8_0 takes
// one shape only; --quota 0.1 gives keyturn a share of a CPU, where the system lets us.
import { existsSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { cpus, tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { home } from '../lib/peers.ts';
import { median, rounded } from '../lib/statistics.ts';
import { type Conversation, converse, warmUp } from './conversation.ts';
import { healthWhile, watchedKeyturn } from './keyturn.ts';
import { llamaBench, llamaServer } from './llama-cpp.ts';
import { memoryOf } from './memory.ts';
import { limitCpu } from './quota.ts';
import { modelOf, SHAPES } from './shapes.ts';

const { values: programs } = parseArgs({
  options: {
    'llama-bench': { type: 'string' },
    'llama-server': { type: 'string' },
    shape: { type: 'string' },
    quota: { type: 'string' },
  },
});
const rounds = Number(process.env['ROUNDS'] ?? 3);
type Row = Record<string, number>;

async function main(): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-bench-local-'));
  const machine = `node ${process.version}, ${cpus().length} x ${cpus()[0]?.model.trim()}`;
  const quota = programs.quota ? `; keyturn has ${programs.quota} CPU` : '';
  console.log(`${machine}; one thread, ${rounds} rounds, medians${quota}`);
  const shapes: Record<string, Record<string, Row>> = {};
  try {
    for (const [name, shape] of Object.entries(SHAPES)) {
      if (programs.shape && programs.shape !== name) continue;
      const rows = await benchShape(modelOf(name, shape, folder));
      console.log(name);
      console.table(sideBySide(rows));
      shapes[name] = rows;
    }
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  if (programs.quota || programs.shape) return;
  const output = join(home, 'docs', 'bench');
  mkdirSync(output, { recursive: true });
  const results = { machine, rounds, shapes };
  writeFileSync(join(output, 'local.json'), `${JSON.stringify(results, null, 2)}\n`);
}

async function benchShape(model: string): Promise<Record<string, Row>> {
  const { 'llama-bench': benchProgram, 'llama-server': serverProgram } = programs;
  const keyturn = await watchedKeyturn(model);
  const quota = programs.quota ? limitCpu(keyturn.peer.pid, Number(programs.quota)) : undefined;
  const server = serverProgram ? await llamaServer(serverProgram, model) : undefined;
  try {
    const start = await warmUp(keyturn.endpoint);
    if (server) await warmUp(server.endpoint);
    await keyturn.loopDelay();
    const ours: (Conversation & { healthMs: number; loopMs: number })[] = [];
    const theirs: Conversation[] = [];
    const bare: { prefill: number; decode: number }[] = [];
    for (let seed = 2; seed < rounds + 2; seed++) {
      const chat = { words: start.words, seed };
      const work = converse(keyturn.endpoint, chat);
      const { result, p99Ms } = await healthWhile(keyturn.peer.url, work);
      ours.push({ ...result, healthMs: p99Ms, loopMs: (await keyturn.loopDelay()).maxMs });
      if (server) theirs.push(await converse(server.endpoint, chat));
      if (benchProgram) bare.push(llamaBench(benchProgram, model));
    }
    const child = memoryOf(await keyturn.modelPid());
    const parent = memoryOf(keyturn.peer.pid);
    return {
      keyturn: {
        ...rowOf(ours),
        'start to first token, ms': rounded(start.loadMs),
        'model RSS, MB': child.rss,
        'anon, MB': child.anon,
        'file, MB': child.file,
        'whole product PSS, MB': child.pss + parent.pss,
        '/health p99, ms': rounded(median(ours.map(({ healthMs }) => healthMs))),
        'loop delay max, ms': rounded(Math.max(...ours.map(({ loopMs }) => loopMs))),
      },
      ...(server ? { 'llama-server': { ...rowOf(theirs), ...serverMemory(server.pid) } } : {}),
      ...(benchProgram ? { 'llama-bench': benchRow(bare) } : {}),
    };
  } finally {
    const modelPid = await keyturn.modelPid().catch(() => undefined);
    await keyturn.peer.stop();
    await server?.stop();
    if (modelPid !== undefined) await ended(modelPid);
    quota?.lift();
  }
}

/** The model's process ends by itself when its server is gone. */
async function ended(pid: number): Promise<void> {
  while (existsSync(`/proc/${pid}`)) await new Promise((done) => setTimeout(done, 20));
}

/** A line for each figure, a column for each program: as wide as a terminal. */
function sideBySide(rows: Record<string, Row>): Record<string, Row> {
  const names = [...new Set(Object.values(rows).flatMap((row) => Object.keys(row)))];
  const line = (name: string) =>
    Object.entries(rows).map(([program, row]) => [program, row[name] ?? Number.NaN]);
  return Object.fromEntries(names.map((name) => [name, Object.fromEntries(line(name))]));
}

function rowOf(chats: readonly Conversation[]): Row {
  const middle = (pick: (chat: Conversation) => number) => rounded(median(chats.map(pick)));
  return {
    'prompt tokens': middle(({ first }) => first.promptTokens),
    'prefill/s': middle(({ first }) => first.enginePrefill),
    'decode/s': middle(({ first }) => first.engineDecode),
    'decode/s over HTTP': middle(({ first }) => first.decodePerSecond),
    'turn 1 first token, ms': middle(({ first }) => first.firstTokenMs),
    'turn 2 first token, ms': middle(({ second }) => second.firstTokenMs),
    'turn 2 / turn 1': middle(({ first, second }) => second.firstTokenMs / first.firstTokenMs),
  };
}

function serverMemory(pid: number): Row {
  const { rss, anon, file } = memoryOf(pid);
  return { 'model RSS, MB': rss, 'anon, MB': anon, 'file, MB': file };
}

function benchRow(runs: readonly { prefill: number; decode: number }[]): Row {
  return {
    'prefill/s': rounded(median(runs.map(({ prefill }) => prefill))),
    'decode/s': rounded(median(runs.map(({ decode }) => decode))),
  };
}

await main();
