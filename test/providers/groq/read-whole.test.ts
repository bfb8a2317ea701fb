import { expect, test } from 'vitest';
import type { AttemptError } from '../../../src/core/attempt.ts';
import { readWhole } from '../../../src/providers/groq/read-whole.ts';

/** Reads a 200 with this body. */
function read(body: unknown) {
  return readWhole(Buffer.from(JSON.stringify(body)), 'asked');
}

/** The cause for which this body is no answer. */
function causeOf(body: unknown): string {
  try {
    read(body);
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
