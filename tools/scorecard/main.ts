import { readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { labControl } from '../stage/lab-control.ts';
import { optionsOf } from '../stage/options.ts';
import { launchLab, launchServer } from '../stage/stage.ts';
import { cases } from './cases.ts';
import { conductScores } from './conduct.ts';
import { labNumbers } from './numbers.ts';
import { markdown, type Stored, setbacks, stored, summary } from './report.ts';
import { runCases, type Score } from './run-cases.ts';
import type { Target } from './target.ts';
import { unreachableScores } from './unreachable.ts';

const usage = `usage: npm run scorecard -- [options]

  --accept            stores the result even if it is worse than the stored one
  --only <text>       only faults whose name holds this; stores nothing

Another gateway, which has the lab (npm run lab) as its provider:

  --base-url <url>    where it is, up to /v1
  --api-key <key>     what a caller sends as a bearer token
  --lab <url>         the lab's base URL (http://127.0.0.1:4010)
  --primary <name>    model name with {fault}, and {mode} if wanted (lab/{fault})
  --fallback <name>   the model that it falls back to, as the lab sees it (openai/gpt-oss-120b)
  --limit <ms>        a request that is still open then has hung (60000)
`;

const values = optionsOf(usage, {
  options: {
    accept: { type: 'boolean', default: false },
    only: { type: 'string' },
    'base-url': { type: 'string' },
    'api-key': { type: 'string', default: '' },
    lab: { type: 'string', default: 'http://127.0.0.1:4010' },
    primary: { type: 'string', default: 'lab/{fault}' },
    fallback: { type: 'string', default: 'openai/gpt-oss-120b' },
    limit: { type: 'string', default: '60000' },
    help: { type: 'boolean', default: false },
  },
});

const dist = dirname(fileURLToPath(import.meta.url));
const docs = join(dirname(dist), 'docs');

/** Short limits, so that a run takes a minute; the judge's own limit lies well above them. */
const SETTINGS = {
  GROQ_API_KEY: 'gsk_scorecard',
  FIRST_TOKEN_TIMEOUT_MS: '1500',
  STREAM_IDLE_TIMEOUT_MS: '1500',
  FAILOVER_BUDGET_MS: '8000',
  GROQ_TIMEOUT_MS: '6000',
  BREAKER_PROBE_MS: '1000',
  LOCAL_THREADS: '1',
  LOG_LEVEL: 'info',
};

const chosen = cases.filter(({ fault }) => fault.includes(values.only ?? ''));

/** Judges another gateway; prints the table and stores nothing. */
async function judgeAnother(baseUrl: string): Promise<void> {
  const target: Target = {
    baseUrl: baseUrl.replace(/\/$/, ''),
    apiKey: values['api-key'],
    lab: labControl(`${new URL(values.lab).origin}/__lab`),
    primary: values.primary,
    fallback: values.fallback,
    limitMs: Number(values.limit),
  };
  const scores = [
    ...(await runCases(target, chosen, labNumbers)),
    ...(await conductScores(target)),
  ];
  process.stdout.write(markdown(scores, `Judged: ${baseUrl}.`));
}

/** Judges the built server beside this script. */
async function judgeOurs(): Promise<void> {
  const lab = await launchLab(dist, ['--speed', '500']);
  const server = await launchServer(dist, { GROQ_BASE_URL: lab.url, ...SETTINGS });
  try {
    const target: Target = {
      baseUrl: `${server.url}/v1`,
      apiKey: server.key,
      lab: labControl(lab.control),
      primary: 'lab/{fault}#{mode}',
      fallback: 'openai/gpt-oss-120b',
      limitMs: 20_000,
    };
    const scores = await runCases(target, chosen, labNumbers);
    if (!values.only) {
      scores.push(...(await unreachableScores(dist, lab.url, SETTINGS)));
      scores.push(...(await conductScores(target)));
    }
    await report(scores);
  } finally {
    await server.stop();
    await lab.stop();
  }
}

async function report(scores: readonly Score[]): Promise<void> {
  const now = stored(scores);
  for (const { name, verdict, sentence } of scores) {
    if (verdict !== 'pass') process.stdout.write(`${verdict.padEnd(8)} ${name}: ${sentence}\n`);
  }
  process.stdout.write(`${summary(now)}\n`);
  if (values.only) return;
  const file = join(docs, 'scorecard.json');
  const before = await readStored(file);
  const worse = before && !values.accept ? setbacks(before, now) : [];
  if (worse.length > 0) {
    process.stdout.write(`\nworse than docs/scorecard.json:\n  ${worse.join('\n  ')}\n`);
    process.exitCode = 1;
    return;
  }
  const limits = Object.entries(SETTINGS).filter(([name]) => name.endsWith('_MS'));
  const settings = `Server settings: ${limits.map(([name, ms]) => `\`${name}=${ms}\``).join(', ')}.`;
  await writeFile(join(docs, 'scorecard.md'), markdown(scores, settings));
  await writeFile(file, `${JSON.stringify(now, null, 2)}\n`);
}

async function readStored(file: string): Promise<Stored | undefined> {
  try {
    // Written by this very program.
    return JSON.parse(await readFile(file, 'utf8')) as Stored;
  } catch {
    return undefined;
  }
}

if (values.help) process.stdout.write(usage);
else if (values['base-url']) await judgeAnother(values['base-url']);
else await judgeOurs();
