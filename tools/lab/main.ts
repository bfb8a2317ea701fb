import { optionsOf, refuse } from '../stage/options.ts';
import { faults } from './faults/catalogue.ts';
import { startLab } from './lab.ts';
import { freePlan } from './limits.ts';

const usage = `usage: npm run lab -- [options]

  --port <number>     port to listen on (4010; 0 lets the system choose)
  --host <address>    address to listen on (127.0.0.1)
  --key <key>         a valid key, as often as needed (default: every gsk_…)
  --speed <number>    tokens a second (100; 0 is as fast as it goes)
  --tokens <number>   length of an answer (60)
  --seed <number>     another seed, other answers (1)
  --limits <plan>     free: the limits of Groq's free plan; none (default)
`;

const values = optionsOf(usage, {
  options: {
    port: { type: 'string', default: '4010' },
    host: { type: 'string', default: '127.0.0.1' },
    key: { type: 'string', multiple: true },
    speed: { type: 'string', default: '100' },
    tokens: { type: 'string', default: '60' },
    seed: { type: 'string', default: '1' },
    limits: { type: 'string', default: 'none' },
    help: { type: 'boolean', default: false },
  },
});

for (const name of ['port', 'speed', 'tokens', 'seed'] as const) {
  if (!(Number(values[name]) >= 0)) refuse(usage, `--${name} takes a number.`);
}

async function run(): Promise<void> {
  const speed = Number(values.speed);
  const lab = await startLab({
    port: Number(values.port),
    host: values.host,
    seed: Number(values.seed),
    answerTokens: Number(values.tokens),
    gapMs: speed > 0 ? 1000 / speed : 0,
    ...(values.key && { keys: values.key }),
    ...(values.limits === 'free' && { limits: freePlan }),
  });
  // Before the greeting: whoever waits for that may end the lab at once.
  const stop = () => void lab.close();
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  const width = Math.max(...faults.map(({ name }) => name.length));
  const control = lab.url.replace('/openai/v1', '/__lab');
  process.stdout.write(`The lab plays Groq at ${lab.url}\n\n`);
  process.stdout.write(`  export GROQ_BASE_URL=${lab.url} GROQ_API_KEY=gsk_lab\n\n`);
  process.stdout.write('Ask for the model lab/<name> to see a fault, or script one:\n\n');
  process.stdout.write(
    `  curl ${control}/script -d '{"model":"openai/gpt-oss-120b","steps":["cut-once","healthy"]}'\n\n`,
  );
  for (const { name, number, sentence } of faults) {
    process.stdout.write(`  ${String(number).padStart(2)} ${name.padEnd(width)}  ${sentence}\n`);
  }
}

if (values.help) process.stdout.write(usage);
else await run();
