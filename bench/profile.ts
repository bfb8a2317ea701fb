import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { askAt, asker } from './lib/asker.ts';
import { type Sample, samplesIn } from './lib/cpu-profile.ts';
import { home, type Peer, startBare, startKeyturn } from './lib/peers.ts';
import { PATH, requestOf } from './lib/request.ts';
import { rounded } from './lib/statistics.ts';
import { throughput } from './lib/wrk.ts';

/** What one part takes of a request, in microseconds of the process's CPU. */
export type ProfileRow = {
  readonly load: string;
  readonly part: string;
  readonly keyturn: number;
  readonly bare: number;
  /** Of all that keyturn takes. */
  readonly percent: number;
};

/** Parts by what runs, whoever called it. */
const KINDS: readonly (readonly [RegExp, string])[] = [
  [/^writev$/, 'the kernel: sending'],
  [/^\(garbage collector\)$/, 'garbage'],
  [/^runMicrotasks$/, 'turning from promise to promise'],
  [/^\(program\)$/, 'V8 and the event loop'],
];

/** Parts by the file that runs, or that called what runs; the first that fits. */
const PARTS: readonly (readonly [RegExp, string])[] = [
  [/src\/(ops\/log|http\/middleware\/access-log|http\/caller-name)/, 'log line'],
  [/src\/(ops\/metrics|http\/middleware\/request-metrics|http\/answer-clock)/, 'metrics'],
  [/src\/(usage\/|http\/middleware\/usage-log)/, 'ledger'],
  [/src\/store\//, 'writing ledger and limits to disk'],
  [/src\/(limits\/|providers\/limit)/, 'limits'],
  [/src\/(keys\/|http\/middleware\/client-key)/, 'key'],
  [/src\/core\/(joined-bytes|outline|json-strings)/, 'long texts: joined, their ends found'],
  [
    /src\/http\/(json\/|receive|parse-body|chat-schema|middleware\/json-body)/,
    'request: JSON, schema',
  ],
  [
    /src\/(core\/sse|providers\/groq\/(begun|chat-chunk|choice-ends|read-stream|recurring))/,
    'events: split, read',
  ],
  [
    /src\/(core\/json|providers\/groq\/(answer-shape|read-whole|groq-route))/,
    'answer: JSON, checks',
  ],
  [/src\/providers\/groq\/(exchange|post|request-body|groq-fields)/, 'asking the provider'],
  [/src\/http\/(answer-headers|write)/, 'writing the answer'],
  [/src\/providers\/(timeout|breaker|meter)/, 'time limit, breaker, meter'],
  [/src\/(providers|core)\//, 'chain, retries, rescue and their kin'],
  [/src\/http\/|node_modules\/(koa|@koa|delegates|parseurl)/, 'Koa, routes, ids, headers'],
  [/bench\/peers\/bare/, 'asking and answering (bare)'],
  [/node_modules\/undici/, 'undici: parser, pool'],
];

const ALL = 'all of it';

/** What the profiler doesn't see: it takes the wait for sockets, and reading from them, for idleness. */
const UNSEEN = 'the kernel: receiving; other threads';

/** Node's own, where nobody of the above called it. */
const REST = "Node's HTTP server, streams, events, timers";

/** From the start until the code is warm. */
const COLD_SECONDS = 9;
const SECONDS = 9;

/** Asks a peer for so many seconds. Returns how many requests a second it answered. */
type Load = (peer: Peer, seconds: number) => Promise<number>;

const LOADS: Readonly<Record<string, Load>> = {
  whole: busy(50, requestOf('size=600')),
  '200 a second': atRate(200, 'size=600'),
  '100 KB answers': busy(50, requestOf('size=100000')),
  '1 MB prompts': busy(50, requestOf('size=600', 1_000_000)),
  '1,000 streams': busy(1_000, requestOf('events=60,gap=48', 250, { stream: true })),
};

/** As many requests as so many connections make. */
function busy(connections: number, body: string): Load {
  return async (peer, seconds) =>
    throughput(peer, { path: PATH, body, connections, seconds }).perSecond;
}

/** Requests at a fixed rate, each of which finds the processor at rest. */
function atRate(perSecond: number, model: string): Load {
  return async (peer, seconds) => {
    const caller = asker(peer, model);
    const since = performance.now();
    const answers: Promise<number>[] = [];
    for (let sent = 0; sent < perSecond * seconds; sent++) {
      const { took } = await askAt(since + (sent * 1000) / perSecond, caller);
      answers.push(took);
    }
    await Promise.all(answers);
    caller.close();
    return perSecond;
  };
}

type Start = (settings: Readonly<Record<string, string>>) => Promise<Peer>;

/** Where the CPU goes under each load: keyturn's parts by name, and bare's beside them. */
export async function benchProfile(upstream: Peer): Promise<ProfileRow[]> {
  const rows: ProfileRow[] = [];
  for (const [name, load] of Object.entries(LOADS)) {
    const mine = await partsOf((settings) => startKeyturn(upstream.url, settings), load);
    const theirs = await partsOf((settings) => startBare(upstream, settings), load);
    const whole = mine.get(ALL) ?? 0;
    const parts = [...new Set([...mine.keys(), ...theirs.keys()])];
    const of = parts.map((part) => ({
      load: name,
      part,
      keyturn: rounded(mine.get(part) ?? 0),
      bare: rounded(theirs.get(part) ?? 0),
      percent: rounded(((mine.get(part) ?? 0) * 100) / whole),
    }));
    rows.push(...of.sort((one, other) => other.keyturn - one.keyturn));
  }
  return rows;
}

/** The microseconds of each part, and of all. */
async function partsOf(start: Start, load: Load): Promise<Map<string, number>> {
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-profile-'));
  const file = join(folder, 'profile.json');
  const profiled = await start({
    NODE_OPTIONS: `--import=${join(home, 'bench/peers/profiled.mjs')}`,
    PROFILE_FILE: file,
  });
  await load(profiled, COLD_SECONDS);
  process.kill(profiled.pid, 'SIGUSR2');
  const before = profiled.cpuSeconds();
  const requests = (await load(profiled, SECONDS)) * SECONDS;
  const all = ((profiled.cpuSeconds() - before) * 1e6) / requests;
  await profiled.stop();
  const samples = samplesIn(file);
  rmSync(folder, { recursive: true, force: true });
  const parts = new Map([
    [ALL, all],
    [UNSEEN, all],
  ]);
  const add = (part: string, micros: number) =>
    parts.set(part, (parts.get(part) ?? 0) + micros / requests);
  for (const sample of samples) {
    add(UNSEEN, -sample.micros);
    if (isProfiler(sample)) add(ALL, -sample.micros);
    else add(partOf(sample), sample.micros);
  }
  return parts;
}

/** To begin and to end a profile takes tenths of a second, which are nobody's. */
function isProfiler({ files }: Sample): boolean {
  return files.some((file) => file.includes('peers/profiled.mjs'));
}

function partOf({ name, files }: Sample): string {
  const kind = KINDS.find(([pattern]) => pattern.test(name));
  if (kind) return kind[1];
  for (const file of files) {
    // What puts work in a row isn't what takes the time.
    if (file.includes('src/core/together')) continue;
    const part = PARTS.find(([pattern]) => pattern.test(file));
    if (part) return part[1];
  }
  return REST;
}
