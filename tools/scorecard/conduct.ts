import { hear } from './hear.ts';
import type { Verdict } from './judge.ts';
import { outageScore } from './outage.ts';
import type { Score } from './run-cases.ts';
import { post, seenOf, type Target } from './target.ts';

/** Faults that are a caller's conduct, or need more than one request. */
export async function conductScores(target: Target): Promise<Score[]> {
  const scores: Score[] = [];
  scores.push(await hangUp(target, 'before headers', 'silent', (bytes) => bytes >= 0));
  scores.push(
    await hangUp(target, 'before the first token', 'late-first-token:role=1', (sent) => sent > 100),
  );
  scores.push(await hangUp(target, 'in mid-stream', 'slow:gap=20', (sent) => sent > 2_000));
  scores.push(await slowReader(target));
  scores.push(await crowd(target));
  scores.push(await outageScore(target));
  return scores;
}

/** An upstream request is aborted this soon after its caller left; twice that is still partial. */
const PROMPT_MS = 100;

async function hangUp(
  target: Target,
  when: string,
  fault: string,
  isTime: (bytesSent: number) => boolean,
): Promise<Score> {
  const prompt = `I shall leave ${when}.`;
  const model = target.primary.replace('{fault}', fault).replace('{mode}', 'left');
  const caller = new AbortController();
  const body = { model, stream: true, messages: [{ role: 'user', content: prompt }] };
  const gone = post(target, body, caller.signal)
    .then((response) => response.text())
    .catch(() => 'left');
  const seen = async () => (await seenOf(target, prompt))[0];
  await until(async () => isTime((await seen())?.bytesSent ?? -1));
  const leftAtMs = performance.timeOrigin + performance.now();
  caller.abort();
  await gone;
  const isNoticed = await until(async () => (await seen())?.end !== 'pending');
  const attempt = await seen();
  const noticedMs = Math.round((attempt?.finishedAtMs ?? Number.POSITIVE_INFINITY) - leftAtMs);
  const count = (await seenOf(target, prompt)).length;
  const isPrompt = noticedMs <= PROMPT_MS && count === 1;
  return {
    ...{ number: 24, name: `hang-up ${when}`, attempts: String(count), gapsMs: [] },
    verdict: isPrompt ? 'pass' : isNoticed && noticedMs < 2_000 ? 'partial' : 'fail',
    tookMs: noticedMs,
    sentence: `the provider's request was ended after ${noticedMs} ms`,
  };
}

/** Reads a long answer in small sips, and asks in between as another caller. */
async function slowReader(target: Target): Promise<Score> {
  const prompt = 'Slowly, please. [tokens=60000]';
  const model = target.primary.replace('{fault}', 'healthy:gapMs=0').replace('{mode}', 'sips');
  const caller = new AbortController();
  const body = { model, stream: true, messages: [{ role: 'user', content: prompt }] };
  const reader = (await post(target, body, caller.signal)).body?.getReader();
  await reader?.read();
  const sent = async () => (await seenOf(target, prompt))[0]?.bytesSent ?? 0;
  let before = -1;
  await until(async () => {
    const now = await sent();
    const stands = now === before;
    before = now;
    return stands;
  });
  const isSlowed = (await seenOf(target, prompt))[0]?.end === 'pending';
  const other = await hear((signal) => post(target, otherBody(target), signal), target.limitMs);
  caller.abort();
  const isWell = other.ending === 'complete' && other.tookMs < 2_000;
  return {
    ...{ number: 25, name: 'a reader that takes no more', attempts: '1', gapsMs: [] },
    verdict: isWell && isSlowed ? 'pass' : isWell ? 'partial' : 'fail',
    tookMs: Math.round(other.tookMs),
    sentence: `${isSlowed ? 'the provider was slowed down' : 'all was buffered'}; another caller was answered in ${Math.round(other.tookMs)} ms`,
  };
}

function otherBody({ primary }: Target) {
  const model = primary.replace('{fault}', 'healthy').replace('{mode}', 'other');
  return { model, messages: [{ role: 'user', content: 'And I?' }] };
}

/** A thousand callers while everything upstream is down: answers and 503 with retry-after. */
async function crowd(target: Target): Promise<Score> {
  const size = 1_000;
  const model = target.primary.replace('{fault}', '503').replace('{mode}', 'crowd');
  await target.lab.script(target.fallback, ['503']);
  const body = { model, messages: [{ role: 'user', content: 'Hello' }] };
  const since = performance.now();
  const heard = await Promise.all(
    Array.from({ length: size }, () => hear((signal) => post(target, body, signal), 30_000)),
  );
  await target.lab.script(target.fallback, ['healthy']);
  const count = (is: (one: (typeof heard)[number]) => boolean) => heard.filter(is).length;
  const answered = count(({ ending }) => ending === 'complete');
  const honest = count(({ ending, headers }) => ending === 'error' && headers.has('retry-after'));
  const bare = count(({ ending }) => ending === 'error') - honest;
  const lost = size - answered - honest - bare;
  const verdict: Verdict = lost > 0 ? 'fail' : bare > 0 ? 'partial' : 'pass';
  return {
    ...{ number: 26, name: 'a thousand callers, nobody upstream', verdict, gapsMs: [] },
    attempts: '–',
    tookMs: Math.round(performance.now() - since),
    sentence: `${answered} answered, ${honest} refused with retry-after, ${bare} without, ${lost} lost`,
  };
}

async function until(isTrue: () => Promise<boolean>, limitMs = 10_000): Promise<boolean> {
  const since = performance.now();
  while (performance.now() - since < limitMs) {
    if (await isTrue()) return true;
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  return false;
}
