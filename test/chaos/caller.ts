import { type Answer, chunks, endingOf, hear, streamed } from '../support/answer.ts';
import type { Cloud } from '../support/cloud.ts';
import type { Chance } from './random.ts';

/** What became of one request. */
export type Outcome = {
  readonly id: string;
  readonly prompt: string;
  readonly kind: 'answer' | 'error' | 'hang-up' | 'wrong';
  /** Why it is wrong. */
  readonly why?: string;
  readonly tookMs: number;
};

const TOOLS = [{ type: 'function', function: { name: 'now', parameters: { type: 'object' } } }];

/** Longer than all limits of the server together. */
const HUNG_MS = 30_000;

/** Sends one request of a random kind, and may hang up. */
export async function call(cloud: Cloud, id: string, random: Chance): Promise<Outcome> {
  const prompt = `${id}: tell me of the harbour. [tokens=${random.between(5, 90)}]`;
  const isStream = random.isLucky(0.7);
  const body = {
    stream: isStream,
    messages: [{ role: 'user', content: prompt }],
    ...(random.isLucky(0.1) ? { tools: TOOLS, tool_choice: 'none' } : {}),
    ...(random.isLucky(0.1) ? { model: 'local' } : {}),
    ...(random.isLucky(0.3) ? { stream_options: { include_usage: true } } : {}),
  };
  const policy = random.oneOf(['on', 'on', 'on', 'local-off', 'off', 'text-only']);
  const leavesAfterMs = random.isLucky(1 / 3) ? random.between(0, 900) : undefined;
  const caller = new AbortController();
  const timer = setTimeout(() => caller.abort(), leavesAfterMs ?? HUNG_MS);
  const sinceMs = performance.now();
  const done = (kind: Outcome['kind'], why?: string): Outcome => ({
    ...{ id, prompt, kind, tookMs: performance.now() - sinceMs },
    ...(why ? { why } : {}),
  });
  try {
    const headers = { 'x-request-id': id, 'x-fallback': policy };
    const response = await cloud.open(body, { headers, signal: caller.signal });
    const answer = await hear(response, sinceMs);
    if (caller.signal.aborted) return left();
    const why = isStream ? wrongInStream(answer) : wrongInWhole(answer);
    if (why) return done('wrong', `${why}\n${answer.text.slice(-600)}`);
    return done(
      answer.status === 200 && !answer.text.includes('event: error') ? 'answer' : 'error',
    );
  } catch (error) {
    if (caller.signal.aborted) return left();
    return done('wrong', `no answer at all: ${error}`);
  } finally {
    clearTimeout(timer);
  }

  function left(): Outcome {
    return leavesAfterMs === undefined ? done('wrong', 'it hung') : done('hang-up');
  }

  function wrongInStream(answer: Answer): string | undefined {
    if (answer.status !== 200) return wrongInError(answer);
    const ending = endingOf(answer);
    if (ending === 'broken') return 'a stream without its end';
    const text = streamed(answer);
    const isCloud = chunks(answer).every(({ model }) => !model?.startsWith('local/'));
    if (!isCloud) return undefined;
    const whole = cloud.lab.expected(prompt);
    if (ending === 'whole') return text === whole ? undefined : differing(text, whole);
    return whole.startsWith(text) ? undefined : differing(text, whole);
  }

  function wrongInWhole(answer: Answer): string | undefined {
    if (answer.isTorn) return 'a torn body';
    if (answer.status !== 200) return wrongInError(answer);
    const { model, choices } = JSON.parse(answer.text);
    const [{ message, finish_reason: reason }] = choices;
    if (!reason) return 'no finish reason';
    if (model.startsWith('local/')) return undefined;
    const whole = cloud.lab.expected(prompt);
    return message.content === whole ? undefined : differing(message.content, whole);
  }
}

/** An honest error: OpenAI's shape, a status that says whose fault it is. */
function wrongInError({ status, text, headers }: Answer): string | undefined {
  const { error } = JSON.parse(text);
  if (typeof error?.message !== 'string' || !error.type) return 'an error of another shape';
  if (![400, 429, 502, 503, 504].includes(status)) return `the status ${status}`;
  const mayReturn = status === 429 || status === 503;
  return mayReturn && !headers.has('retry-after') ? `${status} without retry-after` : undefined;
}

function differing(text: string, whole: string): string {
  return `not the whole answer:\n${JSON.stringify(text)}\n${JSON.stringify(whole)}`;
}
