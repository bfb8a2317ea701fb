import { copyFile } from 'node:fs/promises';
import { afterAll, expect, it } from 'vitest';
import { chunks, endingOf, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { lifeboatPath } from '../support/local-model.ts';
import { scratchFolder } from '../support/scratch.ts';

// Under another name the model has the profile of an instruct model, which may continue any text.
const folder = scratchFolder();
const modelPath = folder.path('other.gguf');
await copyFile(lifeboatPath, modelPath);
const cloud = await startCloud({ LOCAL_MODEL: modelPath });
afterAll(async () => {
  await cloud.stop();
  folder.remove();
});
const { lab, stream } = cloud;

it('a stream that no cloud model can carry on is continued by the local model', async () => {
  lab.script('first', ['cut:tokens=8']);
  lab.script('second', ['503']);
  const answer = await stream({ models: ['first', 'second'], max_tokens: 40, temperature: 0 });
  const begun = lab.expected(PROMPT).split(' ').slice(0, 8).join(' ');
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer).startsWith(begun)).toBe(true);
  const all = chunks(answer);
  expect(all.at(-1)?.model).toBe('local/other');
  expect(new Set(all.map(({ id }) => id)).size).toBe(1);
  expect(all.filter(({ choices }) => choices[0]?.finish_reason)).toHaveLength(1);
  expect(answer.text).toContain(
    ': x-fallback-trail groq/first:cut, groq/second:503, local/other\n',
  );
});
