import { afterAll, expect, it } from 'vitest';
import { scriptedUpstream } from '../support/scripted-upstream.ts';
import { startServer } from '../support/server.ts';

const MODEL = 'openai/gpt-oss-120b';
const upstream = await scriptedUpstream();
const server = await startServer({
  GROQ_API_KEY: 'gsk_test_of_odd_usage',
  GROQ_BASE_URL: upstream.url,
  GROQ_LIMITS: '*=1000/10000/1000000/10000000',
});
const key = await server.key();
afterAll(async () => {
  await server.stop();
  await upstream.close();
});

/** Every number in a report; null stands for one that JSON can't write. */
function counts(report: object): unknown[] {
  return Object.values(report).filter((value) => typeof value !== 'object' || value === null);
}

async function get<T>(path: string): Promise<T> {
  const answer = await fetch(server.url + path, { headers: { 'x-api-key': key } });
  return (await answer.json()) as T;
}

it.each([
  ['nothing', '{}'],
  ['words', '{"prompt_tokens":"ten","completion_tokens":"two","total_tokens":"twelve"}'],
  ['nulls', '{"prompt_tokens":null,"completion_tokens":null,"total_tokens":null}'],
  ['less than nothing', '{"prompt_tokens":-9,"completion_tokens":-9,"total_tokens":-18}'],
  ['more than everything', '{"prompt_tokens":1e999,"completion_tokens":1,"total_tokens":1e999}'],
  [
    'more than can be added up',
    '{"prompt_tokens":1e308,"completion_tokens":1,"total_tokens":1e308}',
  ],
  ['a word', '"many"'],
])('a provider that reports %s as usage is not believed', async (_what, usage) => {
  upstream.script(MODEL, (out) => {
    out.text('Fine, ', 'thank you.');
    out.choices({ index: 0, delta: {}, finish_reason: 'stop' });
    out.raw(`{"id":"c","created":7,"model":"${MODEL}","choices":[],"usage":${usage}}`);
    out.raw('[DONE]');
    out.end();
  });
  const messages = [{ role: 'user', content: 'How are you?' }];
  const answer = await fetch(`${server.url}/v1/chat/completions`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify({ messages, stream: true, stream_options: { include_usage: true } }),
  });
  expect(await answer.text()).toMatch(
    /"completion_tokens":\d+,[^}]*"estimated":true.*\n\ndata: \[DONE\]\n\n$/,
  );

  const { total, recent } = await get<{ total: object; recent: object[] }>('/api/usage');
  expect(recent[0]).toMatchObject({ outcome: 'ok', estimated: true, completion_tokens: 3 });
  for (const count of counts(total)) expect(count).toBeGreaterThanOrEqual(0);
  const limits = await get<{ models: { windows: object[] }[] }>('/api/rate-limits');
  const windows = limits.models.flatMap((model) => model.windows);
  expect(windows).toHaveLength(4);
  for (const window of windows)
    expect(window).toMatchObject({ used: expect.any(Number), remaining: expect.any(Number) });
});
