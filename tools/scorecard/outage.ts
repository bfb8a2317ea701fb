import { type Heard, hear } from './hear.ts';
import type { Score } from './run-cases.ts';
import { post, seenOf, type Target } from './target.ts';

const OUTAGE_MS = 6_000;
const EVERY_MS = 150;
/** The server's probe interval in this run is a second; a gateway without one has this long too. */
const BACK_WITHIN_MS = 2_000;

/** Fault 15: down for a while under steady traffic, then healthy. */
export async function outageScore(target: Target): Promise<Score> {
  const prompt = 'Are you still there?';
  const fault = `down:ms=${OUTAGE_MS},how=503`;
  const model = target.primary.replace('{fault}', fault).replace('{mode}', 'outage');
  const body = { model, stream: true, messages: [{ role: 'user', content: prompt }] };
  const asked: Promise<Heard>[] = [];
  const since = performance.now();
  while (performance.now() - since < OUTAGE_MS + BACK_WITHIN_MS + 2_000) {
    asked.push(hear((signal) => post(target, body, signal), target.limitMs));
    await new Promise((resolve) => setTimeout(resolve, EVERY_MS));
  }
  const heard = await Promise.all(asked);
  const expected = await target.lab.expected(prompt);
  const lost = heard.filter(({ ending, said }) => ending !== 'complete' || said !== expected);

  const seen = (await seenOf(target, prompt)).filter(({ step }) => step.startsWith('down'));
  const firstAtMs = seen[0]?.arrivedAtMs ?? 0;
  const during = seen.filter(({ arrivedAtMs }) => arrivedAtMs < firstAtMs + OUTAGE_MS);
  const after = seen.find(({ arrivedAtMs }) => arrivedAtMs >= firstAtMs + OUTAGE_MS);
  const backMs = Math.round(
    (after?.arrivedAtMs ?? Number.POSITIVE_INFINITY) - firstAtMs - OUTAGE_MS,
  );
  const isBack = backMs <= BACK_WITHIN_MS;
  const isSparing = during.length <= 8 + OUTAGE_MS / 1_000;
  return {
    ...{ number: 15, name: `down for ${OUTAGE_MS / 1000} s under steady traffic`, gapsMs: [] },
    verdict: lost.length > 0 ? 'fail' : isBack && isSparing ? 'pass' : 'partial',
    attempts: `${during.length} while down`,
    tookMs: backMs,
    sentence: `${heard.length - lost.length} of ${heard.length} answered; back after ${backMs} ms`,
  };
}
