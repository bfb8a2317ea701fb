import { Agent } from 'undici';
import { afterAll, beforeEach, expect, test } from 'vitest';
import { liveModels } from '../../../src/providers/groq/live-models.ts';
import { startLab } from '../../../tools/lab/lab.ts';
import { fakeClock } from '../../support/fake-clock.ts';

const lab = await startLab();
const dispatcher = new Agent();
afterAll(async () => {
  await dispatcher.close();
  await lab.close();
});
beforeEach(() => lab.reset());

const MINUTE = 60_000;

function models(apiKeys = ['gsk_one']) {
  const clock = fakeClock();
  const errors: string[] = [];
  const onError = (reason: string) => void errors.push(reason);
  const live = liveModels({ apiKeys, baseUrl: lab.url, dispatcher, clock, onError });
  return { live, clock, errors };
}

const polls = () => lab.attempts.length;

test('the list is asked for when it is first needed, once for all who wait', async () => {
  const { live } = models();
  expect(live.known()).toBeUndefined();
  const [one, other] = await Promise.all([live.list(), live.list()]);
  expect(one).toBe(other);
  expect(one?.map(({ id }) => id)).toContain('openai/gpt-oss-120b');
  expect(live.known()).toBe(one);
  expect(polls()).toBe(1);
});

test('it is asked for again after ten minutes, not before', async () => {
  const { live, clock } = models();
  await live.list();
  clock.advance(10 * MINUTE - 1);
  await live.list();
  expect(polls()).toBe(1);
  clock.advance(1);
  await live.list();
  expect(polls()).toBe(2);
});

test('a refused name makes it ask at once, each name once in ten minutes', async () => {
  const { live, clock } = models();
  await live.list();
  expect((await live.listWithout('gone'))?.length).toBeGreaterThan(3);
  expect(polls()).toBe(2);
  clock.advance(MINUTE);
  await live.listWithout('gone');
  expect(polls()).toBe(2);
  await live.listWithout('gone as well');
  expect(polls()).toBe(3);
});

test('a caller who tries name after name is no reason to ask all the time', async () => {
  const { live, clock } = models();
  await live.list();
  for (let number = 0; number < 100; number++) {
    clock.advance(100);
    await live.listWithout(`name ${number}`);
  }
  expect(polls()).toBeLessThanOrEqual(4);
});

test('while Groq can’t be asked the last list stays, and is asked for again soon', async () => {
  const { live, clock, errors } = models();
  const known = await live.list();
  lab.script('GET /models', ['503']);
  clock.advance(10 * MINUTE);
  expect(await live.list()).toBe(known);
  expect(errors).toEqual(['HTTP 503']);
  await live.list();
  expect(polls()).toBe(2);
  lab.reset();
  clock.advance(30_000);
  expect(await live.list()).not.toBe(known);
  expect(polls()).toBe(1);
});

test('a key that is refused leaves it to the next', async () => {
  const { live, errors } = models(['gsk_dead', 'gsk_alive']);
  lab.revoke('gsk_dead');
  expect(await live.list()).toBeDefined();
  expect(errors).toEqual(['HTTP 401']);
});

test('why there is no list is said in words of ours', async () => {
  const { live, clock, errors } = models();
  for (const fault of ['html', 'reset']) {
    lab.script('GET /models', [fault]);
    await live.list();
    clock.advance(30_000);
  }
  expect(errors).toEqual([
    'no list of models',
    expect.stringMatching(/^(ECONNRESET|UND_ERR_SOCKET)$/),
  ]);
});
