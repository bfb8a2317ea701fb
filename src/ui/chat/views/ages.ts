import type { Summary } from '../conversation/conversation.ts';

const DAY_MS = 24 * 60 * 60 * 1000;

/** Conversations, newest first, under the words that people have for their age. */
export function ages(all: readonly Summary[], now = new Date()): [string, Summary[]][] {
  const midnight = new Date(now).setHours(0, 0, 0, 0);
  const groups: [string, Summary[]][] = [
    ['Today', []],
    ['Yesterday', []],
    ['Last 7 days', []],
    ['Last 30 days', []],
    ['Older', []],
  ];
  const limits = [0, 1, 7, 30].map((days) => midnight - days * DAY_MS);
  for (const summary of all) {
    const index = limits.findIndex((limit) => summary.changedAt >= limit);
    groups.at(index)?.[1].push(summary);
  }
  return groups.filter(([, group]) => group.length > 0);
}
