import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { join } from 'node:path';
import { home } from './peers.ts';
import { barChart } from './plot.ts';

type Row = Readonly<Record<string, unknown>>;
type Results = Record<string, { readonly measured: string; readonly on: string; rows: Row[] }>;

const folder = join(home, 'docs', 'bench');

/** What the figures were measured on. */
export function machine(): string {
  const [cpu] = cpus();
  const memory = `${Math.round(totalmem() / 2 ** 30)} GB`;
  return `node ${process.version}, ${versions()}, ${cpus().length} x ${cpu?.model.trim()}, ${memory}`;
}

function versions(): string {
  const versionIn = (file: string): string => {
    const path = join(home, file, 'package.json');
    return existsSync(path) ? JSON.parse(readFileSync(path, 'utf8')).version : 'absent';
  };
  const commit = execFileSync('git', ['rev-parse', '--short', 'HEAD'], {
    cwd: home,
    encoding: 'utf8',
  }).trim();
  const names = ['undici', '@portkey-ai/gateway', 'openai'] as const;
  const [undici, portkey, openai] = names.map((name, index) =>
    versionIn(join(index === 0 ? 'node_modules' : 'bench/node_modules', name)),
  );
  return `keyturn ${commit}, undici ${undici}, portkey ${portkey}, openai ${openai}`;
}

/** Keeps one part's results beside the others', and draws them all anew. */
export function keepResults(name: string, rows: readonly object[]): void {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'results.json');
  const all: Results = existsSync(file) ? JSON.parse(readFileSync(file, 'utf8')) : {};
  const measured = new Date().toISOString().slice(0, 16);
  all[name] = { measured, on: machine(), rows: rows.map((row) => ({ ...row })) };
  writeFileSync(file, `${JSON.stringify(all, null, 2)}\n`);
  writeFileSync(join(folder, 'results.md'), tables(all));
  draw(name, all[name].rows);
}

function tables(results: Results): string {
  const parts = Object.entries(results).map(([name, { measured, on, rows }]) => {
    const columns = [...new Set(rows.flatMap((row) => Object.keys(row)))];
    const line = (cells: readonly unknown[]) => `| ${cells.join(' | ')} |`;
    const body = rows.map((row) => line(columns.map((column) => row[column] ?? '')));
    const head = [line(columns), line(columns.map(() => '---'))];
    return `## ${name}\n\n${measured} UTC, ${on}\n\n${[...head, ...body].join('\n')}\n`;
  });
  return `# Results\n\nWritten by \`npm run bench\`; [README.md](README.md) explains them.\n\n${parts.join('\n')}`;
}

/** What is drawn of each part: a figure, and what it is of. */
const PLOTS: Readonly<Record<string, readonly [title: string, label: string[], value: string]>> = {
  whole: ['Requests a second, as a share of a bare proxy', ['peer', 'name'], 'ofBare'],
  profile: ['What takes the CPU, percent', ['load', 'part'], 'percent'],
  latency: ['Added latency at 200 requests a second, median, ms', ['peer'], 'p50'],
  streams: ['CPU microseconds an event', ['peer', 'streams'], 'cpuMicrosAnEvent'],
  'hang-up': ['Milliseconds from a hang-up to the upstream, 99th percentile', ['peer'], 'p99'],
  'open-breaker': ['Milliseconds to an answer, median', ['road'], 'p50'],
  http2: ['Requests a second to the provider', ['protocol'], 'perSecond'],
  'slow-readers': ['Megabytes for a caller who does not read', ['peer'], 'megabytesEach'],
  growth: ['CPU microseconds a request', ['pastRequests', 'callers'], 'cpuMicros'],
  start: ['Milliseconds from spawn to the first 200', ['server'], 'firstAnswerMs'],
};

function draw(name: string, rows: readonly Row[]): void {
  const plot = PLOTS[name];
  if (!plot) return;
  const [title, label, value] = plot;
  const bars = rows
    .map((row) => ({
      label: label.map((field) => row[field]).join(', '),
      value: Number(row[value]),
    }))
    .filter((bar) => Number.isFinite(bar.value));
  writeFileSync(join(folder, `${name}.svg`), barChart({ title, bars }));
}
