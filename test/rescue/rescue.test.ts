import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { type Answer, chunks, endingOf, streamed } from '../support/answer.ts';
import { type Cloud, PROMPT, startCloud } from '../support/cloud.ts';

const LARGE = 'openai/gpt-oss-120b';
const SMALL = 'openai/gpt-oss-20b';

let cloud: Cloud;
beforeAll(async () => {
  cloud = await startCloud({ BREAKER_PROBE_MS: '1' }, { gapMs: 1 });
});
afterAll(() => cloud.stop());
afterEach(() => cloud.lab.reset());

/** What the double says when nothing goes wrong. */
const wholeText = () => cloud.lab.expected(PROMPT);

function expectSeamless(answer: Answer, cause: string): void {
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(wholeText());
  expect(finishes(answer)).toEqual(['stop']);
  expect(new Set(chunks(answer).map(({ id }) => id)).size).toBe(1);
  expect(answer.text).toContain(`: x-fallback-trail groq/${LARGE}:${cause}, groq/${SMALL}\n`);
}

function finishes(answer: Answer): (string | null | undefined)[] {
  const reasons = chunks(answer).map(({ choices }) => choices?.[0]?.finish_reason);
  return reasons.filter(Boolean);
}

function usages(answer: Answer) {
  return chunks(answer).flatMap(({ usage }) => (usage ? [usage] : []));
}

describe('a stream that breaks is carried on by the next model', () => {
  const breaks: [fault: string, cause: string][] = [
    ['cut', 'cut'],
    ['cut-clean', 'cut'],
    ['cut-fin', 'cut'],
    ['cut-reset', 'cut'],
    ['cut-in-word', 'cut'],
    ['cut-in-surrogate', 'cut'],
    ['cut-in-fence', 'cut'],
    ['cut-in-character', 'cut'],
    ['cut-in-event', 'cut'],
    ['cut-done', 'cut'],
    ['stall', 'stall'],
    ['malformed-two', 'garbage'],
    ['garbage-midstream', 'cut'],
    ['inband-data', 'inband'],
    ['inband-event', 'inband'],
    ['inband-x-groq', 'inband'],
    ['inband-x-groq-stop', 'inband'],
    ['inband-done', 'inband'],
  ];
  it.each(breaks)('after %s, letter by letter', async (fault, cause) => {
    cloud.lab.script(LARGE, [fault]);
    const answer = await cloud.stream({});
    expectSeamless(answer, cause);
    const [rescuer] = cloud.attempts(SMALL);
    expect(rescuer?.body).toMatchObject({ messages: [{ role: 'user' }, { role: 'assistant' }] });
  });
});

describe('a rescuer that does not continue a text', () => {
  it.each(['prefill-refused', 'prefill-ignored', 'prefill-echoed:words=2'])(
    'is heard from the start, its identical beginning swallowed (%s)',
    async (fault) => {
      cloud.lab.script(LARGE, ['cut']);
      cloud.lab.script(SMALL, [fault]);
      expectSeamless(await cloud.stream({}), 'cut');
    },
  );

  it('is left when it says something else, and the broken model goes on itself', async () => {
    cloud.lab.script(LARGE, ['cut-once', 'healthy']);
    cloud.lab.script(SMALL, ['restart-departs']);
    const answer = await cloud.stream({});
    expect(endingOf(answer)).toBe('whole');
    expect(streamed(answer)).toBe(wholeText());
    expect(answer.text).toContain(`groq/${LARGE}:cut, groq/${SMALL}:prefill, groq/${LARGE}\n`);
  });
});

it('names the model that carried a stream on in the place of one that is gone', async () => {
  cloud.lab.script(LARGE, ['cut']);
  expectSeamless(await cloud.stream({ models: [LARGE, 'gpt-oss-20b'] }), 'cut');
  cloud.lab.script(SMALL, ['cut']);
  const lost = await cloud.stream({ models: [LARGE, 'gpt-oss-20b'] });
  expect(lost.text).toContain(`: x-fallback-trail groq/${LARGE}:cut, groq/${SMALL}:cut`);
});

describe('a stream that nobody can carry on', () => {
  it('ends with the error and without [DONE]', async () => {
    cloud.lab.script(LARGE, ['cut']);
    cloud.lab.script(SMALL, ['503']);
    const answer = await cloud.stream({});
    expect(endingOf(answer)).toBe('error');
    expect(wholeText().startsWith(streamed(answer))).toBe(true);
    expect(finishes(answer)).toEqual([]);
  });

  it('is not carried on when tools were offered', async () => {
    cloud.lab.script(LARGE, ['cut']);
    const tools = [{ type: 'function', function: { name: 'now', parameters: { type: 'object' } } }];
    const answer = await cloud.stream({ tools, tool_choice: 'none' });
    expect(endingOf(answer)).toBe('error');
    expect(cloud.attempts(SMALL)).toHaveLength(0);
  });
});

describe('the books of a rescued stream', () => {
  it('count the prompt once and sum the completions', async () => {
    const asked = { stream_options: { include_usage: true }, include_reasoning: false };
    const healthy = await cloud.stream(asked);
    cloud.lab.script(LARGE, ['cut']);
    const rescued = await cloud.stream(asked);
    const [whole] = usages(healthy);
    const [sum, ...more] = usages(rescued);
    expect(more).toEqual([]);
    expect(sum?.completion_tokens).toBe(whole?.completion_tokens);
    expect(sum?.total_tokens).toBe((sum?.prompt_tokens ?? 0) + (sum?.completion_tokens ?? 0));
  });

  it('leave the rescuer only the tokens that are left of max_tokens', async () => {
    cloud.lab.script(LARGE, ['cut:tokens=8']);
    const answer = await cloud.stream({ max_tokens: 20 });
    expect(finishes(answer)).toEqual(['length']);
    expect(wholeText().startsWith(streamed(answer))).toBe(true);
    const [rescuer] = cloud.attempts(SMALL);
    expect(rescuer?.body).toMatchObject({ max_tokens: 12 });
  });
});

it('keeps reasoning that was streamed apart from content', async () => {
  cloud.lab.script(LARGE, ['cut-reasoning']);
  const answer = await cloud.stream({});
  expect(endingOf(answer)).toBe('whole');
  expect(streamed(answer)).toBe(wholeText());
});
