import { describe, expect } from 'vitest';
import { hear } from './caller.ts';
import { test } from './fixture.ts';
import { chunks, contentOf, payloads } from './heard.ts';
import { question, streamed } from './questions.ts';

const groq = 'openai/gpt-oss-120b';
const prompt = 'Tell me of the harbour.';

describe('a healthy chat answer', () => {
  test('is whole, with usage in Groq’s shape', async ({ lab }) => {
    const heard = await hear({ url: lab.url, body: question(groq) });
    const answer = JSON.parse(heard.body.toString());
    expect(answer).toMatchObject({ object: 'chat.completion', model: groq });
    expect(answer.choices[0]).toMatchObject({ index: 0, finish_reason: 'stop', logprobs: null });
    expect(answer.choices[0].message.content).toBe(lab.expected(prompt));
    expect(answer.choices[0].message.reasoning.length).toBeGreaterThan(5);
    const { usage } = answer;
    expect(usage.total_tokens).toBe(usage.prompt_tokens + usage.completion_tokens);
    expect(usage).toHaveProperty('queue_time');
  });

  test('streams a role, reasoning, content, a finish reason with usage, and [DONE]', async ({
    lab,
  }) => {
    const heard = await hear({ url: lab.url, body: streamed(groq) });
    const events = chunks(heard.body);
    expect(events[0].choices[0].delta).toEqual({ role: 'assistant', content: '' });
    expect(events[0].x_groq.id).toMatch(/^req_/);
    expect(events[1].choices[0].delta).toMatchObject({ channel: 'analysis' });
    expect(events.at(-1)).toMatchObject({
      choices: [{ delta: {}, finish_reason: 'stop' }],
      x_groq: { id: events[0].x_groq.id, usage: { completion_tokens: expect.any(Number) } },
    });
    expect(new Set(events.map(({ id }) => id)).size).toBe(1);
    expect(contentOf(heard.body)).toBe(lab.expected(prompt));
    expect(payloads(heard.body).at(-1)).toBe('[DONE]');
  });

  test('adds a usage event without choices when asked', async ({ lab }) => {
    const body = streamed(groq, { stream_options: { include_usage: true } });
    const heard = await hear({ url: lab.url, body });
    expect(chunks(heard.body).at(-1)).toMatchObject({ choices: [] });
    expect(chunks(heard.body).at(-1).usage.prompt_tokens).toBeGreaterThan(0);
  });

  test('ends with finish_reason length at max_tokens, reasoning counted', async ({ lab }) => {
    const heard = await hear({ url: lab.url, body: question(groq, { max_tokens: 15 }) });
    const { choices, usage } = JSON.parse(heard.body.toString());
    expect(choices[0].finish_reason).toBe('length');
    expect(usage.completion_tokens).toBe(15);
    expect(lab.expected(prompt).startsWith(choices[0].message.content)).toBe(true);
  });

  test('ends before a stop sequence', async ({ lab }) => {
    const heard = await hear({ url: lab.url, body: question(groq, { stop: ['14'] }) });
    const { choices } = JSON.parse(heard.body.toString());
    expect(choices[0].message.content).toBe(lab.expected(prompt).split('14')[0]);
    expect(choices[0].finish_reason).toBe('stop');
  });

  test('holds umlauts, Chinese, surrogate pairs and a code fence', ({ lab }) => {
    const text = lab.expected(prompt);
    expect(text).toMatch(/größe/);
    expect(text).toMatch(/\p{Script=Han}/u);
    expect(text).toMatch(/[\ud800-\udbff][\udc00-\udfff]/);
    expect(text).toMatch(/```ts\n[\s\S]*\n```/);
  });

  test('is as long as the prompt asks', async ({ lab }) => {
    const messages = [{ role: 'user', content: 'Go on. [tokens=2500]' }];
    const heard = await hear({ url: lab.url, body: { model: 'lab/healthy', messages } });
    const { usage, choices } = JSON.parse(heard.body.toString());
    expect(usage.completion_tokens).toBe(2500);
    expect(choices[0].message.content).toBe(lab.expected('Go on. [tokens=2500]'));
  });

  test('is another one for another prompt', ({ lab }) => {
    expect(lab.expected('one')).not.toBe(lab.expected('two'));
  });
});

describe('a prefill', () => {
  test('is continued letter by letter, wherever it was cut', async ({ lab }) => {
    const whole = lab.expected(prompt);
    for (let at = 1; at <= whole.length; at += 1) {
      const prefill = { role: 'assistant', content: whole.slice(0, at) };
      const messages = [{ role: 'user', content: prompt }, prefill];
      const heard = await hear({ url: lab.url, body: { model: groq, messages, stream: true } });
      expect(prefill.content + contentOf(heard.body)).toBe(whole);
    }
  });

  test('that is not the answer’s beginning is told apart', async ({ lab }) => {
    const messages = [
      { role: 'user', content: prompt },
      { role: 'assistant', content: 'zzz' },
    ];
    const heard = await hear({ url: lab.url, body: { model: groq, messages } });
    const { content } = JSON.parse(heard.body.toString()).choices[0].message;
    expect(content).toContain('[not my text]');
  });
});
