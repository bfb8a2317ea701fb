import { afterAll, expect, test } from 'vitest';
import { endingOf, streamed } from '../support/answer.ts';
import { startTwoModels } from '../support/two-models.ts';

const { cloud, upstream, stop } = await startTwoModels();
afterAll(stop);

const said = (content: string) => [{ index: 0, delta: { content }, finish_reason: null }];

test('what nobody expected in mid-stream is answered blandly, and logged with its cause', async () => {
  // No provider names its answers so, and the shape of legacy completions trips over it.
  const odd = { toString: 2 };
  upstream.script('odd', (out) => {
    out.raw(JSON.stringify({ id: 'one', model: 'odd', choices: said('So far ') }));
    out.raw(JSON.stringify({ id: odd, model: 'odd', choices: said('so good.') }));
    out.finish();
  });
  const answer = await cloud.stream(
    { model: 'odd', prompt: 'How is it?' },
    { path: '/v1/completions', headers: { 'x-request-id': 'by-odd-names' } },
  );
  expect(answer.text).toContain('"code":"internal_error"');
  expect(answer.text).not.toContain('[DONE]');
  const line = () => cloud.server.output().match(/.*"level":50.*"id":"by-odd-names".*/)?.[0];
  await expect.poll(line).toMatch(/TypeError/);
});

test('a call that is no list is a malformed event, and left out', async () => {
  upstream.script('no-list', (out) => {
    out.text('All ');
    out.choices({ index: 0, delta: { tool_calls: 5 }, finish_reason: null });
    out.text('is well.');
    out.finish();
  });
  const answer = await cloud.stream({ model: 'no-list' });
  expect(streamed(answer)).toBe('All is well.');
  expect(endingOf(answer)).toBe('whole');
  expect(answer.text).not.toContain('tool_calls');
});
