import { expect } from 'vitest';

/** Reads an error answer, after a look at its shape: OpenAI's, and nothing beside it. */
export async function errorOf(response: Response) {
  const body = (await response.json()) as { readonly error: Readonly<Record<string, unknown>> };
  expect(response.headers.get('content-type')).toBe('application/json; charset=utf-8');
  expect(Object.keys(body)).toEqual(['error']);
  expect(Object.keys(body.error).sort()).toEqual(['code', 'message', 'param', 'type']);
  const { message, type, param, code } = body.error;
  expect(message).toMatch(/\w+.*\.\)?$/);
  expect(message).not.toMatch(/node_modules|\.ts\b|\.js\b|\n|\bat \w+ \(/);
  return { status: response.status, message, type, param, code };
}
