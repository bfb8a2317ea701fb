import { describe, expect } from 'vitest';
import type { Lab } from '../../tools/lab/lab-contract.ts';
import { BadStep } from '../../tools/lab/step.ts';
import { hear } from './caller.ts';
import { test } from './fixture.ts';
import { question } from './questions.ts';

async function statuses({ url }: Lab, model: string, count: number): Promise<readonly number[]> {
  const heard: number[] = [];
  for (let index = 0; index < count; index += 1) {
    heard.push((await hear({ url, body: question(model) })).status);
  }
  return heard;
}

describe('a script', () => {
  test('is played step by step, the last one for ever', async ({ lab }) => {
    lab.script('m', ['500', { fault: '429', times: 2, retryAfter: 3 }, '503']);
    expect(await statuses(lab, 'm', 5)).toEqual([500, 429, 429, 503, 503]);
    expect(lab.attempts[1]?.step).toBe('429:retryAfter=3');
  });

  test('ends healthy when told so', async ({ lab }) => {
    lab.script('m', ['500-twice'], { afterwards: 'healthy' });
    expect(await statuses(lab, 'm', 4)).toEqual([500, 500, 200, 200]);
  });

  test('concerns its model alone, the star everybody without one', async ({ lab }) => {
    lab.script('m', ['healthy']);
    lab.script('*', ['502']);
    expect(await statuses(lab, 'm', 1)).toEqual([200]);
    expect(await statuses(lab, 'openai/gpt-oss-20b', 1)).toEqual([502]);
  });

  test('is replaced by the next one', async ({ lab }) => {
    lab.script('m', ['500']);
    lab.script('m', ['503']);
    expect(await statuses(lab, 'm', 1)).toEqual([503]);
  });

  test('with an unknown fault, parameter or word is refused', ({ lab }) => {
    for (const step of ['nonsense', 'cut:bogus=1', 'cut:tokens=many', 'cut:ending=odd']) {
      expect(() => lab.script('m', [step])).toThrow(BadStep);
    }
  });
});

describe('a model’s name', () => {
  test('plays the fault it names, each name on its own', async ({ lab }) => {
    expect(await statuses(lab, 'lab/429-once', 3)).toEqual([429, 200, 200]);
    expect(await statuses(lab, 'lab/429-once#again', 2)).toEqual([429, 200]);
    expect(await statuses(lab, 'fault-3', 2)).toEqual([500, 200]);
    expect(await statuses(lab, 'fault-4-502', 2)).toEqual([502, 502]);
    expect(await statuses(lab, 'lab/503-forever', 3)).toEqual([503, 503, 503]);
  });

  test('takes parameters', async ({ lab }) => {
    const model = 'fault-8-cut-reset:tokens=2';
    expect((await hear({ url: lab.url, body: question(model) })).ending).toBe('reset');
    expect(lab.attempts[0]?.step).toBe('cut-reset:tokens=2,ending=reset');
  });

  test('with a wrong parameter is answered 400', async ({ lab }) => {
    expect(await statuses(lab, 'lab/cut:bogus=1', 1)).toEqual([400]);
  });

  test('that only looks like a fault is an unknown model', async ({ lab }) => {
    expect(await statuses(lab, 'lab/nonsense', 1)).toEqual([404]);
  });
});
