import { setTimeout as pause } from 'node:timers/promises';
import type { LabControl } from '../stage/lab-control.ts';
import { ask, breakers, type Reply, type Server } from './ask.ts';
import type { Paint } from './paint.ts';

/** Everything that the play needs. */
export type Stage = {
  readonly server: Server;
  readonly lab: LabControl;
  readonly paint: Paint;
  readonly write: (text: string) => void;
};

/** What the play proved; `main` makes it the exit code. */
export type Outcome = {
  readonly asked: number;
  readonly answered: number;
  readonly isSeamless: boolean;
  readonly hasOpened: boolean;
  readonly hasReturned: boolean;
};

const LARGE = 'openai/gpt-oss-120b';
const SMALL = 'openai/gpt-oss-20b';

/** Plays an outage: a cut stream, a dead provider, its recovery. Everything shown happens. */
export async function play(stage: Stage): Promise<Outcome> {
  const { server, lab, paint, write } = stage;
  const title = (text: string) => write(`\n${paint('bold', text)}\n\n`);

  title('1. All is well: the cloud answers');
  const first = await showStream(stage, 'What lies in the harbour? [tokens=24]');

  title('2. The provider cuts the stream in the middle of a word');
  await lab.script(LARGE, ['cut-in-word:tokens=9', 'healthy']);
  const prompt = 'What lies beyond the harbour? [tokens=34]';
  const cut = await showStream(stage, prompt);
  const isSeamless = cut.isWhole && cut.text === (await lab.expected(prompt));
  const verdict = isSeamless ? paint('green', 'yes, to the last letter') : paint('red', 'no');
  write(`   the same text as an undisturbed stream: ${verdict}\n`);
  await lab.script(LARGE, ['healthy']);

  title('3. The provider is down: every model answers 503');
  for (const model of [LARGE, SMALL]) await lab.script(model, ['503']);
  const during = await rounds(stage, 8, async () => false);
  const states = await breakers(server);
  const hasOpened = states.filter((state) => /open|probing/.test(state)).length >= 2;
  write(`   breakers: ${paint('yellow', states.join(', '))}\n`);

  title('4. The provider recovers');
  for (const model of [LARGE, SMALL]) await lab.script(model, ['healthy']);
  const since = performance.now();
  const after = await rounds(stage, 30, async (reply) => reply.servedBy === `groq/${LARGE}`);
  const hasReturned = after.at(-1)?.servedBy === `groq/${LARGE}`;
  const backMs = Math.round(performance.now() - since);
  if (hasReturned) write(`   ${paint('green', `back on ${LARGE} after ${backMs} ms`)}\n`);

  const all = [first, cut, ...during, ...after];
  const answered = all.filter(({ isWhole }) => isWhole).length;
  return { asked: all.length, answered, isSeamless, hasOpened, hasReturned };
}

/** A live stream; where another model goes on, the seam is marked. */
async function showStream({ server, paint, write }: Stage, prompt: string): Promise<Reply> {
  let speaker = '';
  write('   ');
  const reply = await ask(server, prompt, (text, model) => {
    if (speaker && model !== speaker) write(paint('inverse', '┃'));
    speaker = model;
    write(paint(model === LARGE ? 'green' : 'yellow', text.replaceAll('\n', ' ')));
  });
  const legend = reply.trail || reply.servedBy;
  write(`\n   ${paint('dim', legend)}\n`);
  if (reply.trail)
    write(`   ${paint('inverse', '┃')} is the seam: there another model took over\n`);
  return reply;
}

/** Steady traffic, a question every 700 ms, until it is enough. */
async function rounds(
  { server, paint, write }: Stage,
  most: number,
  isEnough: (reply: Reply) => Promise<boolean>,
): Promise<Reply[]> {
  const replies: Reply[] = [];
  while (replies.length < most) {
    const reply = await ask(server, replies.length % 2 === 0 ? 'Hello' : 'Who are you?');
    replies.push(reply);
    const isLocal = reply.servedBy.startsWith('local/');
    const who = paint(isLocal ? 'cyan' : 'green', reply.servedBy.padEnd(26));
    const failed = reply.trail.split(', ').slice(0, -1).join(', ').replaceAll('groq/openai/', '');
    const ms = `${Math.round(reply.tookMs)} ms`.padStart(8);
    const text = reply.text.replaceAll('\n', ' ').slice(0, 36);
    write(`   ${who}${ms}  ${text.padEnd(38)}${paint('red', failed)}\n`);
    if (await isEnough(reply)) return replies;
    await pause(700);
  }
  return replies;
}
