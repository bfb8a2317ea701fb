import { VERDICTS, type Verdict } from './judge.ts';
import type { Score } from './run-cases.ts';

/** What is kept to compare the next run with. */
export type Stored = {
  readonly counts: Readonly<Record<Verdict, number>>;
  readonly verdicts: Readonly<Record<string, Verdict>>;
};

/** The small form of a run. */
export function stored(scores: readonly Score[]): Stored {
  const count = (verdict: Verdict) => scores.filter((score) => score.verdict === verdict).length;
  return {
    counts: {
      pass: count('pass'),
      partial: count('partial'),
      safe: count('safe'),
      fail: count('fail'),
    },
    verdicts: Object.fromEntries(scores.map(({ name, verdict }) => [name, verdict])),
  };
}

/** What has become worse since the stored run, in sentences; faults that are missing count too. */
export function setbacks(before: Stored, now: Stored): string[] {
  return Object.entries(before.verdicts).flatMap(([name, verdict]) => {
    const today = now.verdicts[name];
    if (today === undefined) return [`${name} was not judged (it was ${verdict})`];
    const isWorse = VERDICTS.indexOf(today) > VERDICTS.indexOf(verdict);
    return isWorse ? [`${name} is ${today} (it was ${verdict})`] : [];
  });
}

/** The counts in a line. */
export function summary({ counts }: Stored): string {
  return VERDICTS.map((verdict) => `${counts[verdict]} ${verdict}`).join(', ');
}

/** The table as Markdown. */
export function markdown(scores: readonly Score[], settings: string): string {
  const rows = [...scores]
    .sort((one, other) => one.number - other.number)
    .map(({ number, name, verdict, attempts, gapsMs, tookMs, sentence }) =>
      [number || '–', `\`${name}\``, verdict, attempts, gapsMs.join(', ') || '–', tookMs, sentence]
        .map((cell) => String(cell).replaceAll('|', '\\|'))
        .join(' | '),
    );
  return [
    '# Scorecard',
    '',
    `${scores.length} requests, each met by a fault: **${summary(stored(scores))}**.`,
    '',
    'Made by `npm run scorecard`: the fault lab (`tools/lab`) misbehaves, a caller asks the built',
    'server over HTTP, and a judge looks from outside at what the caller got (compared letter by',
    'letter) and at what the lab saw (attempts, gaps, hang-ups). *Pass*: answer and conduct are',
    'right. *Partial*: the answer is right, the conduct not ideal. *Safe*: an honest error. *Fail*:',
    'a hang, a truncated answer passed off as whole, or conduct that harms the provider. A dash in',
    'the first column is harmless behaviour that must not be noticed. Attempts are those on the',
    'faulty model, then those on others; gaps and time are milliseconds.',
    '',
    settings,
    '',
    'Faults 27 to 30 (model file, signals, disk, clock) are no caller’s and have tests of their own.',
    '',
    '| # | fault | verdict | attempts | gaps | time | what happened |',
    '| --- | --- | --- | --- | --- | --- | --- |',
    ...rows.map((row) => `| ${row} |`),
    '',
  ].join('\n');
}
