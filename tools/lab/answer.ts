import { type AnswerOptions, answerTokens, promptOf, textOf } from './answer-text.ts';
import { arrayAt, isObject, type JsonObject, numberAt, stringAt } from './json.ts';
import { chosenTool, inPieces, plausibleValue } from './plausible.ts';

/** How a fault bends the answer itself. */
export type AnswerBend = AnswerOptions & {
  /** Starts again from the beginning although the caller sent a prefill, or with its last words. */
  readonly prefill?: 'ignored' | { readonly echoedWords: number };
  /** From this token on the text is another one. */
  readonly departAfter?: number;
};

/** What the model is going to say, in the pieces that a stream carries. */
export type Answer = {
  readonly reasoning: readonly string[];
  readonly content: readonly string[];
  readonly tool: { readonly name: string; readonly pieces: readonly string[] } | undefined;
  readonly finishReason: 'stop' | 'length' | 'tool_calls';
  readonly promptTokens: number;
};

/** A rough count that only has to be the same for the same request. */
export const countTokens = (messages: readonly unknown[]): number =>
  messages.reduce<number>((sum, message) => sum + 4 + Math.ceil(textOf(message).length / 4), 0);

/** How many tokens the request allows the answer. */
export const maxTokensOf = (body: JsonObject): number | undefined =>
  numberAt(body, 'max_completion_tokens') ??
  numberAt(body, 'max_tokens') ??
  numberAt(body, 'max_output_tokens');

function prefillOf(messages: readonly unknown[]): string {
  const last = messages.at(-1);
  return isObject(last) && last.role === 'assistant' ? textOf(last) : '';
}

/** What is left of the tokens behind the prefill; the first of them may be half a token. */
function behind(prefill: string, tokens: readonly string[]): readonly string[] {
  let open = prefill;
  const rest: string[] = [];
  for (const token of tokens) {
    const taken = Math.min(open.length, token.length);
    if (open.slice(0, taken) !== token.slice(0, taken)) return [' [not my text]', ...tokens];
    open = open.slice(taken);
    if (taken < token.length) rest.push(token.slice(taken));
  }
  return rest;
}

function spokenAgain(prefill: string, bend: AnswerBend): readonly string[] {
  if (bend.prefill === 'ignored' || !bend.prefill) return [];
  return prefill.split(/(?<=\s)/).slice(-bend.prefill.echoedWords);
}

function cutAtStop(tokens: readonly string[], body: JsonObject): readonly string[] {
  const stops = [body.stop].flat().filter((stop) => typeof stop === 'string' && stop.length > 0);
  const text = tokens.join('');
  const found = stops.map((stop) => text.indexOf(String(stop))).filter((at) => at >= 0);
  if (found.length === 0) return tokens;
  let room = Math.min(...found);
  const kept: string[] = [];
  for (const token of tokens) {
    if (room <= 0) break;
    kept.push(token.slice(0, room));
    room -= token.length;
  }
  return kept;
}

function jsonAnswer(body: JsonObject, prompt: string): readonly string[] | undefined {
  const format = isObject(body.response_format) ? body.response_format : {};
  if (format.type === 'json_object') return inPieces(JSON.stringify({ answer: prompt, größe: 42 }));
  if (format.type !== 'json_schema') return undefined;
  const schema = isObject(format.json_schema) ? format.json_schema.schema : undefined;
  return inPieces(JSON.stringify(plausibleValue(schema)));
}

function textTokens(messages: readonly unknown[], bend: AnswerBend): readonly string[] {
  const tokens = answerTokens(messages, bend);
  if (bend.departAfter === undefined) return tokens;
  const other = answerTokens(messages, { ...bend, seed: (bend.seed ?? 1) + 1 });
  return [...tokens.slice(0, bend.departAfter), ' departs', ...other.slice(bend.departAfter)];
}

const reasoningOf = (body: JsonObject, thinks: boolean): readonly string[] => {
  const hidden = body.include_reasoning === false || body.reasoning_format === 'hidden';
  if (!thinks || hidden) return [];
  const thoughts = ['The', ' user', ' wants', ' words', ';', ' I', ' überlege', ' 🤔', '.'];
  return body.reasoning_effort === 'low' ? thoughts.slice(0, 4) : thoughts;
};

/** Plans the answer to a chat request: the same request and bend, the same answer. */
export function planAnswer(body: JsonObject, thinks: boolean, bend: AnswerBend): Answer {
  const messages = arrayAt(body, 'messages');
  const promptTokens = countTokens(messages);
  const prompt = promptOf(messages);
  const room = maxTokensOf(body) ?? Number.POSITIVE_INFINITY;
  const prefill = bend.prefill === 'ignored' ? '' : prefillOf(messages);
  const reasoning = prefill === '' ? reasoningOf(body, thinks).slice(0, room) : [];
  const tool = chosenTool(body, prompt);
  if (tool) {
    const pieces = inPieces(JSON.stringify(plausibleValue(tool.parameters)));
    const call = { name: stringAt(tool, 'name') ?? '', pieces };
    return { reasoning, content: [], tool: call, finishReason: 'tool_calls', promptTokens };
  }
  const spoken = jsonAnswer(body, prompt) ?? textTokens(messages, bend);
  const next = [...spokenAgain(prefill, bend), ...behind(prefill, spoken)];
  const full = cutAtStop(next, body);
  const content = full.slice(0, Math.max(0, room - reasoning.length));
  const finishReason = content.length < full.length ? 'length' : 'stop';
  return { reasoning, content, tool: undefined, finishReason, promptTokens };
}
