import type { ChatMessage, ChatParams, ContentPart } from '../../../core/chat.ts';
import { invalid, notSupported } from '../../parse-body.ts';
import type { InputItem, ResponsesParams } from './schema.ts';

/**
 * The chat that asks the same as a Responses request.
 *
 * @throws ApiError that names an item, part or tool which a chat has no room for.
 */
export function chatOfResponses(params: ResponsesParams): ChatParams {
  const { input, instructions, text, tools, tool_choice: choice, stream } = params;
  const said = typeof input === 'string' ? [{ role: 'user', content: input }] : messagesOf(input);
  const system = instructions ? [{ role: 'system', content: instructions }] : [];
  const format = text?.format ? responseFormat(text.format) : undefined;
  const effort = params.reasoning?.effort;
  return {
    messages: [...system, ...said],
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    ...(params.max_output_tokens ? { max_completion_tokens: params.max_output_tokens } : {}),
    ...defined({ temperature: params.temperature, top_p: params.top_p, reasoning_effort: effort }),
    ...(tools?.length ? { tools: tools.map(toolOf) } : {}),
    ...(choice && tools?.length ? { tool_choice: toolChoice(choice) } : {}),
    ...defined({ parallel_tool_calls: params.parallel_tool_calls }),
    ...(format ? { response_format: format } : {}),
  };
}

function messagesOf(input: readonly InputItem[]): ChatMessage[] {
  const messages: ChatMessage[] = [];
  for (const [index, item] of input.entries()) {
    const path = `input.${index}`;
    if (item.type === 'reasoning') continue;
    if (item.type === 'function_call') addCall(messages, item, path);
    else messages.push(messageOf(item, path));
  }
  if (messages.length === 0) throw invalid('input holds nothing to answer.', 'input');
  return messages;
}

function messageOf(item: InputItem, path: string): ChatMessage {
  if (item.type === 'function_call_output') {
    const { output } = item;
    const content = typeof output === 'string' ? output : JSON.stringify(output ?? '');
    return { role: 'tool', tool_call_id: textAt(item, 'call_id', path), content };
  }
  if (item.type !== undefined && item.type !== 'message') {
    throw notSupported(`An item of type ${item.type} can't be taken here.`, `${path}.type`);
  }
  if (!item.role) throw invalid(`${path}.role is missing.`, `${path}.role`);
  const { content } = item;
  if (content === undefined || content === null) {
    throw invalid(`${path}.content is missing.`, `${path}.content`);
  }
  if (typeof content === 'string') return { role: item.role, content };
  const parts = content.map((part, index) => partOf(part, `${path}.content.${index}`));
  const texts = parts.map(({ text }) => text);
  const isText = texts.every((text) => text !== undefined);
  return { role: item.role, content: isText ? texts.join('') : parts };
}

type Part = Readonly<Record<string, unknown>>;

function partOf(part: Part, path: string): ContentPart {
  switch (part['type']) {
    case 'input_text':
    case 'output_text':
    case 'text':
      return { type: 'text', text: textAt(part, 'text', path) };
    case 'refusal':
      return { type: 'text', text: textAt(part, 'refusal', path) };
    case 'input_image': {
      const detail = part['detail'];
      const image = { url: textAt(part, 'image_url', path), ...defined({ detail }) };
      return { type: 'image_url', image_url: image };
    }
    default:
      throw notSupported(`A part of type ${String(part['type'])} can't be taken here.`, path);
  }
}

/** Calls of one turn belong into one assistant message. */
function addCall(messages: ChatMessage[], item: Part, path: string): void {
  const call = {
    id: textAt(item, 'call_id', path),
    type: 'function',
    function: { name: textAt(item, 'name', path), arguments: textAt(item, 'arguments', path) },
  };
  const last = messages.at(-1);
  if (last?.role !== 'assistant') {
    messages.push({ role: 'assistant', content: null, tool_calls: [call] });
    return;
  }
  const calls = Array.isArray(last['tool_calls']) ? last['tool_calls'] : [];
  messages[messages.length - 1] = { ...last, tool_calls: [...calls, call] };
}

function toolOf(tool: Part, index: number): object {
  const path = `tools.${index}`;
  if (tool['type'] !== 'function') {
    const message = `A tool of type ${String(tool['type'])} can't be offered here, only functions.`;
    throw notSupported(message, `${path}.type`);
  }
  const { description, parameters, strict } = tool;
  const name = textAt(tool, 'name', path);
  return { type: 'function', function: { name, ...defined({ description, parameters, strict }) } };
}

function toolChoice(choice: string | Part): unknown {
  if (typeof choice === 'string') return choice;
  if (choice['type'] === 'function') {
    return { type: 'function', function: { name: textAt(choice, 'name', 'tool_choice') } };
  }
  throw notSupported("This tool_choice can't be taken here.", 'tool_choice');
}

function responseFormat({ type, name, schema, strict }: Part): object {
  if (type !== 'json_schema') return { type };
  return { type, json_schema: { ...defined({ name, schema, strict }) } };
}

function textAt(record: Part, field: string, path: string): string {
  const value = record[field];
  if (typeof value === 'string') return value;
  throw invalid(`${path}.${field} must be a string.`, `${path}.${field}`);
}

/** Without what is undefined or null. */
function defined(fields: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(fields).filter(([, value]) => value !== undefined && value !== null),
  );
}
