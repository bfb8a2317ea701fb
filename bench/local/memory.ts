import { readFileSync } from 'node:fs';

/** Megabytes that a process holds, as the kernel tells them (Linux). */
export type Memory = {
  readonly rss: number;
  readonly anon: number;
  readonly file: number;
  /** Shared pages counted in parts: what adds up over processes. */
  readonly pss: number;
};

export function memoryOf(pid: number): Memory {
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const rollup = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8');
  const megabytes = (text: string, field: string) =>
    Math.round(Number(new RegExp(`^${field}:\\s+(\\d+)`, 'm').exec(text)?.[1]) / 1024);
  return {
    rss: megabytes(status, 'VmRSS'),
    anon: megabytes(status, 'RssAnon'),
    file: megabytes(status, 'RssFile'),
    pss: megabytes(rollup, 'Pss'),
  };
}
