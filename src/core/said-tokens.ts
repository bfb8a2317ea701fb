import { isObject } from './json.ts';
import { estimateTokens } from './token-estimate.ts';

/** About how many tokens a whole chat completion says: its texts, thoughts and calls. */
export function estimateSaidTokens(completion: Readonly<Record<string, unknown>>): number {
  const choices: unknown[] = Array.isArray(completion['choices']) ? completion['choices'] : [];
  const said = choices.map((choice) => (isObject(choice) ? choice['message'] : undefined));
  return estimateTokens(said.map(textOf).join(''));
}

function textOf(message: unknown): string {
  if (!isObject(message)) return '';
  const { content, reasoning, tool_calls: calls } = message;
  const texts = [content, reasoning].filter((text) => typeof text === 'string');
  return [...texts, calls ? JSON.stringify(calls) : ''].join('');
}
