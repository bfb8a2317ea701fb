import { expect } from 'vitest';
import type { Lab } from '../../tools/lab/lab-contract.ts';
import { hear } from './caller.ts';
import { test } from './fixture.ts';
import { question } from './questions.ts';

async function control({ url }: Lab, path: string, body?: unknown) {
  const answer = await fetch(`${new URL(url).origin}/__lab/${path}`, {
    ...(body === undefined ? {} : { method: 'POST', body: JSON.stringify(body) }),
  });
  // biome-ignore lint/suspicious/noExplicitAny: each control has an answer of its own shape.
  const told: any = await answer.json();
  return { status: answer.status, body: told };
}

test('a script can be set, its attempts read and all of it forgotten', async ({ lab }) => {
  const set = await control(lab, 'script', { model: 'm', steps: ['500-once', 'healthy'] });
  expect(set.status).toBe(200);
  await hear({ url: lab.url, body: question('m') });
  await hear({ url: lab.url, body: question('openai/gpt-oss-20b') });
  const { attempts } = (await control(lab, 'attempts?model=m')).body;
  expect(attempts).toHaveLength(1);
  expect(attempts[0]).toMatchObject({ model: 'm', status: 500, step: '500:retryAfter=-1,delay=0' });
  expect(Buffer.from(attempts[0].rawBodyBase64, 'base64').toString()).toContain('harbour');
  expect((await control(lab, 'attempts?after=1')).body.attempts).toHaveLength(1);
  await control(lab, 'reset', {});
  expect((await control(lab, 'attempts')).body.attempts).toEqual([]);
});

test('a wrong step is answered 400 with a reason', async ({ lab }) => {
  const { status, body } = await control(lab, 'script', { model: 'm', steps: ['nonsense'] });
  expect(status).toBe(400);
  expect(body.error.message).toContain('nonsense');
});

test('the faults are listed with a sentence and their parameters', async ({ lab }) => {
  const { faults } = (await control(lab, 'faults')).body;
  expect(faults).toContainEqual(
    expect.objectContaining({ name: 'cut', number: 8, parameters: { tokens: 8, ending: 'open' } }),
  );
});

test('the expected text can be asked for', async ({ lab }) => {
  const { body } = await control(lab, 'expected', { prompt: 'Tell me of the harbour.' });
  expect(body.text).toBe(lab.expected('Tell me of the harbour.'));
});

test('control requests are neither logged nor counted', async ({ lab }) => {
  const { body } = await control(lab, 'state');
  expect(body).toEqual({ openSockets: 0, attempts: 0 });
});

test('the lab can be unplugged for a while', async ({ lab }) => {
  await control(lab, 'unplug', { ms: 100 });
  const talk = () => hear({ url: lab.url, body: question('lab/healthy') });
  let heard = await talk();
  while (heard.ending !== 'reset') heard = await talk();
  while (heard.ending !== 'complete') heard = await talk();
  expect(heard.status).toBe(200);
});
