import { afterAll, expect, test } from 'vitest';
import { endingOf, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';

const cloud = await startCloud({ STREAM_IDLE_TIMEOUT_MS: '400' });
afterAll(cloud.stop);
const { lab, stream, attempts } = cloud;

const CUTS = ['cut', 'cut-clean', 'cut-fin', 'cut-reset', 'cut-done', 'cut-reasoning'];
const PLACES = ['word', 'surrogate', 'fence', 'character', 'event'].map(
  (place) => `cut-in-${place}`,
);
const STALLS = ['stall', 'stall-pings:every=50'];
const INBAND = ['inband-data', 'inband-event', 'inband-x-groq', 'inband-x-groq:done=1'];
const GARBAGE = ['inband-x-groq-stop', 'inband-done', 'garbage-midstream', 'malformed-two'];

test.for([...CUTS, ...PLACES, ...STALLS, ...INBAND, ...GARBAGE])(
  'a stream that breaks in the middle (%s) becomes a whole answer or an honest error',
  async (fault) => {
    const answer = await stream({ model: `lab/${fault}` });
    expect(answer.status).toBe(200);
    expect(['whole', 'error']).toContain(endingOf(answer));
    const text = streamed(answer);
    if (endingOf(answer) === 'whole') expect(text).toBe(lab.expected(PROMPT));
    else expect(lab.expected(PROMPT).startsWith(text.replace(/\p{Surrogate}$/u, ''))).toBe(true);
  },
);

test.for(['cut:tokens=0', 'cut-reset:tokens=0', 'inband-data:tokens=0', 'inband-event:tokens=0'])(
  'a stream that breaks before its first token (%s) is simply asked for again',
  async (fault) => {
    const [name, parameters] = fault.split(':');
    lab.script(`early-${name}`, [`${name}-once:${parameters}`], { afterwards: 'healthy' });
    const answer = await stream({ model: `early-${name}` });
    expect(endingOf(answer)).toBe('whole');
    expect(streamed(answer)).toBe(lab.expected(PROMPT));
    expect(attempts(`early-${name}`)).toHaveLength(2);
    expect(answer.headers.get('x-fallback-trail')).toBeNull();
  },
);

test('a stall is noticed at STREAM_IDLE_TIMEOUT_MS, and its connection closed', async () => {
  const answer = await stream({ model: 'lab/stall#noticed' });
  await lab.until(() => attempts('lab/stall#noticed')[0]?.end === 'hung-up');
  const [stalled] = attempts('lab/stall#noticed');
  const silentMs = (stalled?.finishedAtMs ?? 0) - (stalled?.lastByteAtMs ?? 0);
  expect(silentMs).toBeGreaterThanOrEqual(395);
  expect(silentMs).toBeLessThan(400 + 700);
  expect(['whole', 'error']).toContain(endingOf(answer));
});

test('a pause shorter than the idle limit breaks nothing', async () => {
  const answer = await stream({ model: 'lab/stall:ms=200' });
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
});

test.for(['malformed', 'malformed:times=3'])(
  'malformed events, one at a time (%s), are left out, and the rest delivered',
  async (fault) => {
    const answer = await stream({ model: `lab/${fault}` });
    expect(endingOf(answer)).toBe('whole');
    expect(streamed(answer)).toBe(lab.expected(PROMPT));
    expect(answer.text).not.toContain('chatcmpl-broken');
    await expect.poll(cloud.server.output).toContain('a malformed event in a stream was left out');
  },
);

test('the server is well after all of it', async () => {
  const health = await fetch(`${cloud.server.url}/health`);
  expect(health.status).toBe(200);
  expect(cloud.server.child.exitCode).toBeNull();
  await expect.poll(() => lab.attempts.every(({ end }) => end !== 'pending')).toBe(true);
});
