import { expect, it } from 'vitest';
import { lead } from '../../../src/core/flow.ts';
import { begun } from '../../../src/providers/groq/begun.ts';

async function turn(): Promise<void> {
  await new Promise((done) => setImmediate(done));
}

it.each([
  ['ends', undefined],
  ['breaks off', new Error('cut')],
])('who paused is told once that an answer %s', async (_how, error) => {
  async function* said(): AsyncGenerator<string, void, void> {
    yield 'begun';
    yield 'more';
    if (error) throw error;
  }
  const told: unknown[] = [];
  const tap = lead(await begun(said(), () => true), {
    take: (event) => {
      told.push(event);
      if (event === 'more') tap.pause();
    },
    end: () => told.push('end'),
    fail: (reason) => told.push(reason),
  });
  for (let times = 0; times < 3; times++) {
    tap.resume();
    await turn();
  }
  expect(told).toEqual(['begun', 'more', error ?? 'end']);
});
