import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { labControl } from '../stage/lab-control.ts';
import { launchLab, launchServer } from '../stage/stage.ts';
import { painter } from './paint.ts';
import { play } from './play.ts';

const dist = dirname(fileURLToPath(import.meta.url));
const write = (text: string) => void process.stdout.write(text);
const paint = painter(process.stdout.isTTY === true, process.env);

/** `npm run demo`: an outage before your eyes. No account, no network, under a minute. */
async function main(): Promise<void> {
  const lab = await launchLab(dist, ['--speed', '12', '--tokens', '10']);
  write(`${paint('dim', `A double of Groq's API (its words mean nothing): ${lab.url}`)}\n`);
  const settings = { BREAKER_PROBE_MS: '2000', LOCAL_THREADS: '1' };
  const cloud = { GROQ_BASE_URL: lab.url, GROQ_API_KEY: 'gsk_demo' };
  const server = await launchServer(dist, { ...cloud, ...settings });
  write(`${paint('dim', `The server that you would deploy:                ${server.url}`)}\n`);
  const control = labControl(lab.control);
  try {
    const outcome = await play({ server, lab: control, paint, write });
    const { asked, answered, isSeamless, hasOpened, hasReturned } = outcome;
    const seen = (await control.attempts()).length;
    write(`\n${paint('bold', `${answered} of ${asked} requests answered in full`)}; `);
    write(`the provider saw ${seen} attempts.\n`);
    const isProven = answered === asked && isSeamless && hasOpened && hasReturned;
    if (isProven) return;
    write(`${paint('red', 'Something did not happen as it should.')}\n`);
    process.exitCode = 1;
  } finally {
    await server.stop();
    await lab.stop();
  }
}

await main();
