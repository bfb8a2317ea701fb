import type { ChatParams } from '../../../core/chat.ts';
import { invalid, notSupported } from '../../parse-body.ts';
import { chatMessages, systemText } from './blocks.ts';
import type { CountParams, MessagesParams } from './schema.ts';

/**
 * The chat that asks the same as a message request, but for what `ignoredFields` names.
 *
 * @throws ApiError that names a block or a tool which a chat has no room for.
 */
export function chatOfMessages(params: MessagesParams): ChatParams {
  const { model, max_tokens, stream, temperature, top_p, stop_sequences: stop } = params;
  const format = responseFormat(params);
  const effort = params.output_config?.effort;
  const user = params.metadata?.user_id;
  return {
    ...promptOf(params),
    ...(model === undefined ? {} : { model }),
    max_completion_tokens: max_tokens,
    ...(stream ? { stream, stream_options: { include_usage: true } } : {}),
    ...(typeof temperature === 'number' ? { temperature } : {}),
    ...(typeof top_p === 'number' ? { top_p } : {}),
    ...(stop?.length ? { stop } : {}),
    ...(effort
      ? { reasoning_effort: effort === 'max' || effort === 'xhigh' ? 'high' : effort }
      : {}),
    ...(format ? { response_format: format } : {}),
    ...(user ? { user } : {}),
  };
}

/**
 * What of a request the model reads: system, messages and tools.
 *
 * @throws ApiError that names a block or a tool which a chat has no room for.
 */
export function promptOf({ system, messages, tools, tool_choice: choice }: CountParams) {
  const turns = messages.flatMap((message, index) => chatMessages(message, `messages.${index}`));
  const head = system ? [{ role: 'system', content: systemText(system) }] : [];
  const offered = tools?.map(toolOf) ?? [];
  return {
    messages: [...head, ...turns],
    ...(offered.length > 0 ? { tools: offered } : {}),
    ...(choice ? toolChoice(choice, offered.length > 0) : {}),
  };
}

type Tool = NonNullable<CountParams['tools']>[number];
type Choice = NonNullable<CountParams['tool_choice']>;

function toolOf(tool: Tool, index: number) {
  const { type, name, description, input_schema: parameters, strict } = tool;
  if (type !== undefined && type !== null && type !== 'custom') {
    const message = `The tool ${String(type)} runs at Anthropic and can't be offered here.`;
    throw notSupported(message, `tools.${index}.type`);
  }
  const called = {
    name,
    ...(typeof description === 'string' ? { description } : {}),
    parameters: parameters ?? {},
    ...(strict === true ? { strict } : {}),
  };
  return { type: 'function', function: called };
}

function toolChoice(choice: Choice, isOffered: boolean) {
  const { type, name, disable_parallel_tool_use: isSingle } = choice;
  if (!isOffered) {
    if (type === 'auto' || type === 'none') return {};
    throw invalid('tool_choice asks for a tool, and there are none in tools.', 'tool_choice');
  }
  const parallel = isSingle === true ? { parallel_tool_calls: false } : {};
  if (type !== 'tool') return { tool_choice: type === 'any' ? 'required' : type, ...parallel };
  if (!name) throw invalid('tool_choice.name is missing.', 'tool_choice.name');
  return { tool_choice: { type: 'function', function: { name } }, ...parallel };
}

function responseFormat({ output_config: config, output_format: format }: MessagesParams) {
  const asked = config?.format ?? format;
  if (!asked) return undefined;
  const schema = asked['schema'];
  return { type: 'json_schema', json_schema: { name: 'answer', schema, strict: true } };
}
