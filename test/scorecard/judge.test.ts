import { describe, expect, it, test } from 'vitest';
import type { Expectation } from '../../tools/scorecard/cases.ts';
import { type Heard, hear } from '../../tools/scorecard/hear.ts';
import { type Evidence, judge } from '../../tools/scorecard/judge.ts';
import { setbacks, stored } from '../../tools/scorecard/report.ts';
import type { SeenAttempt } from '../../tools/stage/lab-control.ts';

const expected = 'The harbour is quiet.';
const over: Expectation = { answer: 'answer', attempts: [1, 3], by: 'fallback' };
const refused: Expectation = { answer: 'refusal', attempts: [1, 1], by: 'nobody' };

const whole: Heard = {
  ...{ status: 200, headers: new Headers(), text: '', ending: 'complete', said: expected },
  ...{ ids: ['1'], models: ['m'], usages: [], error: undefined, firstByteMs: 1, tookMs: 2 },
};

/** Attempts on the faulty model at these times, then one on the fallback. */
function attemptsAt(...times: number[]): SeenAttempt[] {
  const seen = { step: '', bytesSent: 1, end: 'answered' } as const;
  const faulty = times.map((at, id) => ({ ...seen, id, model: 'faulty', arrivedAtMs: at }));
  return [...faulty, { ...seen, id: 99, model: 'fallback', arrivedAtMs: 10_000 }];
}

const verdictOn = (evidence: Partial<Evidence>) =>
  judge({
    ...{ mode: 'stream', expect: over, heard: whole, attempts: attemptsAt(0, 300), expected },
    ...evidence,
  }).verdict;

describe('the judge', () => {
  it('passes the whole answer after few attempts', () => {
    expect(verdictOn({})).toBe('pass');
  });

  it.each([
    ['a hang', { heard: { ...whole, ending: 'hang' } }],
    ['a stream that just ends', { heard: { ...whole, ending: 'broken' } }],
    ['a truncated answer', { heard: { ...whole, said: expected.slice(0, 9) } }],
    ['a doubled word', { heard: { ...whole, said: expected.replace('is', 'is is') } }],
    ['a storm of attempts', { attempts: attemptsAt(0, 300, 600, 900, 1200, 1500) }],
    ['attempts without a pause', { attempts: attemptsAt(0, 1, 2) }],
    ['a retry-after cut short', { expect: { ...over, waitMs: 1000 } }],
    [
      '401 for a key that is not the caller’s',
      { heard: { ...whole, ending: 'error', status: 401 } },
    ],
  ] satisfies [string, Partial<Evidence>][])('fails %s', (_name, evidence) => {
    expect(verdictOn(evidence)).toBe('fail');
  });

  it('calls an honest error safe, and right where it is the answer', () => {
    const error: Heard = { ...whole, status: 400, ending: 'error', said: '' };
    expect(verdictOn({ heard: error })).toBe('safe');
    expect(verdictOn({ heard: error, expect: refused, attempts: attemptsAt(0).slice(0, 1) })).toBe(
      'pass',
    );
  });

  it.each([
    ['an attempt too many', { attempts: attemptsAt(0, 300, 700, 1200) }],
    ['two ids in one stream', { heard: { ...whole, ids: ['1', '2'] } }],
    ['usage twice', { heard: { ...whole, usages: [usage(), usage()] } }],
    ['a fallback without need', { expect: { ...over, by: 'primary' } }],
    ['slowness', { expect: { ...over, withinMs: 1 } }],
  ] satisfies [string, Partial<Evidence>][])(
    'calls an answer with %s partial',
    (_name, evidence) => {
      expect(verdictOn(evidence)).toBe('partial');
    },
  );
});

function usage() {
  return { prompt_tokens: 1, completion_tokens: 1 };
}

describe('what a caller hears', () => {
  const event = (delta: object, finish: string | null = null) =>
    `data: ${JSON.stringify({ id: '1', choices: [{ delta, finish_reason: finish }] })}\n\n`;
  const content = event({ content: 'Hi' });
  const done = 'data: [DONE]\n\n';

  test.each([
    ['complete', `: ping\n\n${content}${event({}, 'stop')}${done}`],
    ['broken', content],
    ['broken', `${content}${done}`],
    ['broken', `${content}${event({}, 'stop')}${event({}, 'stop')}${done}`],
    ['broken', `${content}${event({}, 'stop')}${done}${done}`],
    ['broken', `${content}data: {"half\n\n${event({}, 'stop')}${done}`],
    ['error', `${content}event: error\ndata: {"error":{"code":"provider_error"}}\n\n`],
    ['broken', `${content}event: error\ndata: {"error":{"code":"x"}}\n\n${done}`],
  ])('is %s', async (ending, text) => {
    const headers = { 'content-type': 'text/event-stream' };
    const heard = await hear(async () => new Response(text, { headers }), 1_000);
    expect(heard.ending).toBe(ending);
    expect(heard.said).toBe('Hi');
  });
});

test('a fault that is judged worse than before, or no longer, is a setback', () => {
  const score = { number: 8, attempts: '1', gapsMs: [], tookMs: 1, sentence: '' };
  const before = stored([
    { ...score, name: 'cut', verdict: 'pass' },
    { ...score, name: 'stall', verdict: 'safe' },
    { ...score, name: 'html', verdict: 'pass' },
  ]);
  const now = stored([
    { ...score, name: 'cut', verdict: 'safe' },
    { ...score, name: 'stall', verdict: 'pass' },
  ]);
  expect(setbacks(before, now)).toEqual([
    'cut is safe (it was pass)',
    'html was not judged (it was pass)',
  ]);
});
