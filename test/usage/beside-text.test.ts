import { afterAll, expect, it } from 'vitest';
import { chunks, endingOf } from '../support/answer.ts';
import { startTwoModels } from '../support/two-models.ts';

const { cloud, upstream, stop } = await startTwoModels();
afterAll(stop);

/** A provider that reports its usage with every piece, and in an event of its own. */
upstream.script('reports-always', (out) => {
  const usage = (completion_tokens: number) => ({
    usage: { prompt_tokens: 10, completion_tokens, total_tokens: 10 + completion_tokens },
  });
  const say = (members: object) => out.raw(JSON.stringify({ id: '1', created: 7, ...members }));
  const choice = { index: 0, finish_reason: null };
  say({ choices: [{ ...choice, delta: { content: 'The quiet' } }], ...usage(2) });
  say({ choices: [{ ...choice, delta: { content: ' harbour.' } }], ...usage(4) });
  say({ choices: [{ ...choice, delta: {}, finish_reason: 'stop' }], ...usage(4) });
  say({ choices: [], ...usage(4) });
  out.raw('[DONE]');
  out.end();
});

it.each([
  ['/v1/chat/completions', {}],
  ['/v1/completions', { prompt: 'Tell me.' }],
])('usage that comes beside the text is counted once (%s)', async (path, body) => {
  const asked = { model: 'reports-always', ...body, stream_options: { include_usage: true } };
  const answer = await cloud.stream(asked, { path });
  const reports = chunks(answer).filter(({ usage }) => usage);
  expect(reports).toMatchObject([
    { choices: [], usage: { prompt_tokens: 10, completion_tokens: 4, total_tokens: 14 } },
  ]);
  expect(answer.text).toMatch(/"usage":\{[^}]*\}\}\n\ndata: \[DONE\]\n\n$/);
});

it('and not shown to who did not ask for it', async () => {
  const answer = await cloud.stream({ model: 'reports-always' });
  expect(endingOf(answer)).toBe('whole');
  expect(answer.text).not.toContain('"usage"');
});
