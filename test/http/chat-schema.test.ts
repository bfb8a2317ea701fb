import { describe, expect, it } from 'vitest';
import { ApiError } from '../../src/core/errors.ts';
import { parseChat, parseCompletion } from '../../src/http/chat-schema.ts';

const messages = [{ role: 'user', content: 'Hi' }];

/** The field that is complained about, and the words. */
function complaint(body: unknown): [param: string | null, message: string] {
  try {
    parseCompletion(body);
  } catch (error) {
    if (error instanceof ApiError) return [error.body.param, error.message];
    throw error;
  }
  return [null, 'none'];
}

describe('an OpenAI body', () => {
  it('keeps every field that nobody here knows', () => {
    const body = { messages, reasoning_effort: 'high', service_tier: { any: ['thing'] } };
    expect(parseCompletion(body).params).toEqual(body);
  });

  it('loses the chain of models, which no provider takes', () => {
    const { params, models } = parseCompletion({ messages, models: ['one', 'two'] });
    expect(models).toEqual(['one', 'two']);
    expect(params).toEqual({ messages });
  });

  it('may say null for what it does not set, as OpenAI clients do', () => {
    const body = { messages, stream: null, temperature: null, stop: null, tools: null };
    expect(parseCompletion(body).params).toEqual(body);
  });

  it.each([
    [{}, 'messages', 'messages must be an array.'],
    [{ messages: 'Hi' }, 'messages', 'messages must be an array.'],
    [{ messages: [] }, 'messages', 'messages must not be empty.'],
    [{ messages: ['Hi'] }, 'messages.0', 'messages.0 must be an object.'],
    [{ messages: [...messages, { content: 'Hi' }] }, 'messages.1.role', /must be one of system,/],
    [{ messages: [{ role: 'robot' }] }, 'messages.0.role', /must be one of system,/],
    [{ messages: [{ role: 'user', content: 1 }] }, 'messages.0.content', /has the wrong type/],
    [
      { messages: [{ role: 'user', content: [{ type: 'text', text: 'Hi' }, { text: 'Hi' }] }] },
      'messages.0.content.1.type',
      'messages.0.content.1.type must be a string.',
    ],
    [{ messages, model: 1 }, 'model', 'model must be a string.'],
    [{ messages, model: '' }, 'model', 'model must not be empty.'],
    [{ messages, model: 'm'.repeat(201) }, 'model', 'model is too long: at most 200.'],
    [{ messages, models: ['a', 2] }, 'models.1', 'models.1 must be a string.'],
    [{ messages, stream: 'yes' }, 'stream', 'stream must be a boolean.'],
    [{ messages, temperature: 3 }, 'temperature', 'temperature must be at most 2.'],
    [{ messages, temperature: '1' }, 'temperature', 'temperature must be a number.'],
    [{ messages, top_p: -1 }, 'top_p', 'top_p must be at least 0.'],
    [{ messages, max_tokens: 0 }, 'max_tokens', 'max_tokens must be at least 1.'],
    [{ messages, max_tokens: 1.5 }, 'max_tokens', 'max_tokens must be a whole number.'],
    [{ messages, stop: [1] }, 'stop.0', 'stop.0 must be a string.'],
    [{ messages, stop: ['a', 'b', 'c', 'd', 'e'] }, 'stop', /stop .*at most 4/],
    [{ messages, tools: [{}] }, 'tools.0.type', 'tools.0.type must be a string.'],
    [{ messages, response_format: 'json' }, 'response_format', /must be an object/],
    [
      { messages, stream_options: { include_usage: 1 } },
      'stream_options.include_usage',
      'stream_options.include_usage must be a boolean.',
    ],
  ])('%j is refused by the name of %s', (body, param, message) => {
    const [field, words] = complaint(body);
    expect(field).toBe(param);
    expect(words).toMatch(message);
  });
});

describe('the short body', () => {
  it('turns a prompt into one message', () => {
    expect(parseChat({ prompt: 'Hi' }).params).toEqual({ messages });
  });

  it('puts the system text in front of prompt or messages', () => {
    const withSystem = { messages: [{ role: 'system', content: 'Be brief.' }, ...messages] };
    expect(parseChat({ prompt: 'Hi', system: 'Be brief.' }).params).toEqual(withSystem);
    expect(parseChat({ messages, system: 'Be brief.' }).params).toEqual(withSystem);
  });

  it('keeps the other fields', () => {
    const { params } = parseChat({ prompt: 'Hi', stream: true, seed: 7, top_k: 3 });
    expect(params).toEqual({ messages, stream: true, seed: 7, top_k: 3 });
  });

  it('does not let __proto__ change what another field says', () => {
    const { params } = parseChat(JSON.parse('{"prompt":"Hi","__proto__":{"stream":true}}'));
    expect(params.stream).toBeUndefined();
  });
});
