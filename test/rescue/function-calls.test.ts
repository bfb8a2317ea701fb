import { afterAll, expect, test } from 'vitest';
import { chunks, endingOf } from '../support/answer.ts';
import { startTwoModels } from '../support/two-models.ts';

const { cloud, upstream, stop } = await startTwoModels();
afterAll(stop);

const piece = (text: string) => ({
  index: 0,
  delta: { function_call: { name: 'look', arguments: text } },
  finish_reason: null,
});

test('a call of a function in the older form has begun with its first piece, and is never joined from two halves', async () => {
  upstream.script('half', (out) => {
    out.choices(piece('{"pla'));
    out.cut();
  });
  upstream.script('other', (out) => {
    out.choices(piece('{"place":"there"}'));
    out.finish('function_call');
  });
  const answer = await cloud.stream({
    models: ['half', 'other'],
    functions: [{ name: 'look', parameters: { type: 'object' } }],
  });
  expect(answer.headers.get('x-served-by')).toBe('groq/half');
  expect(answer.text).not.toContain('there');
  expect(chunks(answer)).toHaveLength(2);
  expect(endingOf(answer)).toBe('error');
});
