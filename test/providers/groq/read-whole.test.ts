import { expect, test } from 'vitest';
import type { AttemptError } from '../../../src/core/attempt.ts';
import { readWhole } from '../../../src/providers/groq/read-whole.ts';

/** Reads a 200 with this body. */
function read(body: unknown) {
  return readWhole(Buffer.from(JSON.stringify(body)), 'asked');
}

function causeOf(body: unknown): string {
  return causeIn(JSON.stringify(body));
}

/** The cause for which this text is no answer. */
function causeIn(text: string): string {
  try {
    readWhole(Buffer.from(text), 'asked');
    return 'an answer';
  } catch (error) {
    return (error as AttemptError).attemptCause;
  }
}

test.for<object>([
  { message: { role: 'assistant', content: 'Hi' } },
  { message: { content: 'Hi' }, finish_reason: null },
  { message: { content: '' }, finish_reason: 'stop' },
  { message: { content: null }, finish_reason: 'content_filter' },
  { message: { content: null, tool_calls: [{ id: 'c' }] }, finish_reason: null },
  { message: { content: null, reasoning: 'Hm.' } },
  { message: { content: null, refusal: 'No.' } },
])('a choice that says something or gives its reason to end is an answer (%#)', (choice) => {
  expect(causeOf({ choices: [choice] })).toBe('an answer');
});

test.for<object>([
  { message: { role: 'assistant' } },
  { message: { content: null }, finish_reason: null },
  { message: { content: '', tool_calls: [] }, finish_reason: null },
  { message: { content: { text: 'Hi' } }, finish_reason: 'stop' },
  { message: { content: 7 }, finish_reason: 'stop' },
  { delta: { content: 'Hi' }, finish_reason: 'stop' },
])('a choice that says nothing, or no text, is none (%#)', (choice) => {
  expect(causeOf({ choices: [choice] })).toBe('garbage');
});

test.for<unknown>(['overloaded', { message: 'overloaded' }, 503])(
  'an error beside a half answer is an error, whatever its shape (%#)',
  (error) => {
    const choices = [{ message: { content: 'Half an' }, finish_reason: 'stop' }];
    expect(causeOf({ error, choices })).toBe('inband');
  },
);

test('an error field without an error is none', () => {
  const choices = [{ message: { content: 'Hi' }, finish_reason: 'stop' }];
  expect(causeOf({ error: null, choices })).toBe('an answer');
});

test('an answer that does not name itself is named after the model that was asked', () => {
  const bare = { choices: [{ message: { content: 'hi' }, finish_reason: 'stop' }] };
  const { body } = read(bare);
  expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({
    ...bare,
    model: 'asked',
    object: 'chat.completion',
    id: expect.stringMatching(/^chatcmpl-/),
  });
});

/** More than enough for an answer to be read in outline only. */
const LONG = 40_000;

function longAnswer(text: string, model?: string) {
  const choices = [{ message: { role: 'assistant', content: text }, finish_reason: 'stop' }];
  const usage = { prompt_tokens: 7, completion_tokens: 9, total_tokens: 16 };
  return { ...(model ? { model } : {}), choices, usage };
}

test.for<string>(['a', 'Straße, ', '"quoted"\\\n\t', '🦊\u2028'])(
  'a long answer goes on as it came, with its usage: %j',
  (piece) => {
    const bytes = Buffer.from(JSON.stringify(longAnswer(piece.repeat(LONG), 'm')));
    const { body, usage } = readWhole(bytes, 'asked');
    expect(body).toBe(bytes);
    expect(usage).toMatchObject({ prompt_tokens: 7, completion_tokens: 9 });
  },
);

test.for<string>(['\\x', '\\u12g4', '\n', '\u0000', '"'])(
  'one whose text is no JSON is garbage: %j',
  (fault) => {
    const half = 'a'.repeat(LONG);
    const [before, after] = JSON.stringify(longAnswer(`${half}@${half}`, 'm')).split('@');
    expect(causeIn(`${before}${fault}${after}`)).toBe('garbage');
  },
);

test('one that is no answer in spite of its length is none', () => {
  expect(causeOf({ error: { message: 'a'.repeat(LONG) } })).toBe('inband');
  expect(causeOf({ ...longAnswer('a'.repeat(LONG)), x_groq: { error: 'a'.repeat(LONG) } })).toBe(
    'inband',
  );
});

test('one that does not name itself keeps its text when it is named', () => {
  const answer = longAnswer('Straße "1" '.repeat(LONG));
  const { body } = read(answer);
  expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ ...answer, model: 'asked' });
});

test.for([undefined, null, 5, {}])(
  'an answer whose model is %j is named by the one asked',
  (model) => {
    const { body } = read({ model, choices: [{ message: { content: 'Hi' } }] });
    expect(JSON.parse(Buffer.from(body).toString())).toMatchObject({ model: 'asked' });
  },
);
