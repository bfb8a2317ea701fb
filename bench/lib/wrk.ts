import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Peer } from './peers.ts';
import { LOAD_CPU } from './pinned.ts';
import { PATH, requestOf } from './request.ts';

type Load = {
  readonly path: string;
  readonly body: string;
  readonly connections: number;
  readonly seconds: number;
  /** So many callers take turns, told apart by `x-forwarded-for`. */
  readonly callers?: number;
};

/** One closed-loop run: requests a second, and CPU a request. */
export type Throughput = { readonly perSecond: number; readonly cpuMicros: number };

/**
 * Load by wrk, from Debian's packages: in C, with epoll, so that one thread of it asks faster than
 * any of the peers answers. autocannon, in Node, would take half the machine.
 */
export function throughput(peer: Peer, load: Load): Throughput {
  const { path, body, connections, seconds, callers } = load;
  const folder = mkdtempSync(join(tmpdir(), 'keyturn-wrk-'));
  const script = join(folder, 'request.lua');
  const headers = { 'content-type': 'application/json', ...peer.headers };
  writeFileSync(join(folder, 'body.json'), body);
  writeFileSync(
    script,
    `wrk.method = "POST"
     wrk.body = io.open("${join(folder, 'body.json')}"):read("*a")
     ${Object.entries(headers)
       .map(([name, value]) => `wrk.headers["${name}"] = "${value}"`)
       .join('\n')}
     ${callers ? inTurns(callers) : ''}`,
  );
  const before = peer.cpuSeconds();
  const options = ['-t1', `-c${connections}`, `-d${seconds}s`, '-s', script, peer.url + path];
  const [program = 'wrk', ...first] = [...LOAD_CPU, 'wrk'];
  const { stdout, status } = spawnSync(program, [...first, ...options], { encoding: 'utf8' });
  rmSync(folder, { recursive: true, force: true });
  if (status !== 0) throw new Error('wrk is missing: apt-get install wrk');
  const bad = /Non-2xx or 3xx responses: (\d+)/.exec(stdout)?.[1];
  if (bad) throw new Error(`${peer.name} refused ${bad} requests`);
  const requests = Number(/(\d+) requests in/.exec(stdout)?.[1]);
  if (requests === 0) throw new Error(`${peer.name} answered none within ${seconds} s`);
  const perSecond = Number(/Requests\/sec:\s+([\d.]+)/.exec(stdout)?.[1]);
  return { perSecond, cpuMicros: ((peer.cpuSeconds() - before) * 1e6) / requests };
}

/** A peer's code is cold in its first seconds; how fast it is then is the start's business. */
export function warm(peer: Peer): void {
  throughput(peer, { path: PATH, body: requestOf('size=600'), connections: 20, seconds: 5 });
}

function inTurns(callers: number): string {
  return `local turn = 0
     request = function()
       turn = (turn + 1) % ${callers}
       wrk.headers["x-forwarded-for"] = string.format("10.0.%d.%d", math.floor(turn / 250), turn % 250 + 1)
       return wrk.format()
     end`;
}

/** True where the load generator is installed. */
export function hasWrk(): boolean {
  return spawnSync('wrk', ['--version']).error === undefined;
}
