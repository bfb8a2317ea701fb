import { afterAll, expect, onTestFinished, test } from 'vitest';
import { type Answer, chunks, completion, endingOf, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { scriptedUpstream } from '../support/scripted-upstream.ts';
import { startUpstream } from '../support/upstream.ts';

const cloud = await startCloud({ LOCAL_MODEL: 'none', STREAM_IDLE_TIMEOUT_MS: '3000' });
afterAll(cloud.stop);
const { lab, stream, attempts } = cloud;

/** Every token count that a stream reports, wherever it stands. */
function usages(answer: Answer) {
  return chunks(answer).flatMap(({ usage, x_groq }) => [usage, x_groq?.usage].filter(Boolean));
}

test.for(['no-done', 'no-done-fin', 'no-done-open', 'done-open', 'done-double', 'stall-finish'])(
  'a stream that has its finish reason is whole, and ends with one [DONE], promptly (%s)',
  async (fault) => {
    const model = `lab/${fault}`;
    const answer = await stream({ model });
    expect(endingOf(answer)).toBe('whole');
    expect(streamed(answer)).toBe(lab.expected(PROMPT));
    expect(usages(answer)[0]?.completion_tokens).toBeGreaterThan(50);
    expect(answer.tookMs).toBeLessThan(1000 + 900);
    expect(attempts(model)).toHaveLength(1);
    expect(answer.headers.get('x-fallback-trail')).toBeNull();
  },
);

test('comment lines for ever after the finish reason hold nobody up', async () => {
  const upstream = await startUpstream((socket) => {
    const choice = { index: 0, delta: { content: 'Hi' }, finish_reason: 'stop' };
    socket.write('HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n');
    socket.write(`data: ${JSON.stringify({ id: '1', choices: [choice] })}\n\n`);
    const pings = setInterval(() => socket.write(': ping\n\n'), 50);
    socket.once('close', () => clearInterval(pings));
  });
  onTestFinished(upstream.close);
  const other = await startCloud({ GROQ_BASE_URL: upstream.url });
  onTestFinished(other.stop);
  const answer = await other.stream({});
  expect(endingOf(answer)).toBe('whole');
  expect(answer.tookMs).toBeLessThan(1000 + 900);
});

test('a second finish reason is none', async () => {
  const upstream = await scriptedUpstream();
  onTestFinished(upstream.close);
  const other = await startCloud({ GROQ_BASE_URL: upstream.url });
  onTestFinished(other.stop);
  upstream.script('ends-twice', (out) => {
    out.choices({ index: 0, delta: { content: 'Hi' }, finish_reason: 'length' });
    out.choices({ index: 0, delta: {}, finish_reason: 'stop' });
    out.finish();
  });
  const answer = await other.stream({ model: 'ends-twice' });
  expect(endingOf(answer)).toBe('whole');
  const reasons = chunks(answer).map(({ choices }) => choices[0]?.finish_reason);
  expect(reasons).toEqual(['length', null, null]);
});

test('a body that never ends after [DONE] holds nobody up', async () => {
  const answer = await stream({ model: 'lab/done-open#prompt' });
  expect(endingOf(answer)).toBe('whole');
  expect(answer.tookMs).toBeLessThan(900);
});

test.for(['healthy', 'usage-double', 'usage-x-groq', 'usage-never', 'no-done'])(
  'usage that was asked for is reported once, in an event of its own (%s)',
  async (fault) => {
    const answer = await stream({
      model: `lab/${fault}#asked`,
      stream_options: { include_usage: true },
    });
    expect(endingOf(answer)).toBe('whole');
    const own = chunks(answer).filter(({ usage }) => usage);
    expect(own).toHaveLength(1);
    expect(own[0]?.choices).toEqual([]);
    expect(own[0]?.usage?.total_tokens).toBeGreaterThan(50);
    expect(answer.text.includes('"estimated":true')).toBe(fault === 'usage-never');
  },
);

test('usage that was not asked for comes in no event of its own', async () => {
  const answer = await stream({ model: 'lab/usage-double#unasked' });
  expect(chunks(answer).filter(({ choices }) => choices.length === 0)).toEqual([]);
});

test('a whole answer without usage gets an estimate, marked as one', async () => {
  const answer = await cloud.ask({ model: 'lab/usage-never#whole' });
  expect(completion(answer).usage).toMatchObject({ estimated: true });
  expect(completion(answer).usage?.completion_tokens).toBeGreaterThan(20);
});

test('the access log counts the usage of an answer once, also when it came twice', async () => {
  const headers = { 'x-request-id': 'usage-twice' };
  const answer = await stream({ model: 'lab/usage-double' }, { headers });
  expect(endingOf(answer)).toBe('whole');
  const [first] = usages(answer);
  expect(await loggedUsage('usage-twice')).toEqual([
    first?.prompt_tokens,
    first?.completion_tokens,
  ]);
});

test('usage that stands only in x_groq is counted as well', async () => {
  const headers = { 'x-request-id': 'usage-x-groq' };
  const answer = await stream({ model: 'lab/usage-x-groq' }, { headers });
  const [first] = usages(answer);
  expect(await loggedUsage('usage-x-groq')).toEqual([
    first?.prompt_tokens,
    first?.completion_tokens,
  ]);
});

test.for(['usage-never', 'empty-choices'])('a stream with %s is delivered whole', async (fault) => {
  const answer = await stream({ model: `lab/${fault}` });
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(lab.expected(PROMPT));
});

async function loggedUsage(id: string): Promise<unknown[]> {
  const line = () =>
    cloud.server
      .output()
      .split('\n')
      .find((text) => text.includes(`"id":"${id}"`) && text.includes('"msg":"request"'));
  await expect.poll(line).toBeDefined();
  const { promptTokens, completionTokens } = JSON.parse(line() ?? '{}');
  return [promptTokens, completionTokens];
}
