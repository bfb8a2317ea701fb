import { type ChatWrapper, JinjaTemplateChatWrapper, LlamaText } from 'node-llama-cpp';
import { grammarWriter, literal } from '../json/grammar.ts';
import type { OfferedTool, ToolCall } from '../protocol.ts';
import { readArguments } from '../tools.ts';

/** How a template writes a call: `<tool_call>{"name": "` name `", "arguments": ` JSON the rest. */
export type CallSyntax = {
  readonly prefix: string;
  readonly middle: string;
  readonly suffix: string;
};

/** The call syntax of a model's own template; undefined when it knows no tools. */
export function callSyntaxOf(wrapper: ChatWrapper): CallSyntax | undefined {
  if (!(wrapper instanceof JinjaTemplateChatWrapper)) return undefined;
  if (!wrapper.usingJinjaFunctionCallTemplate) return undefined;
  const { prefix, paramsPrefix, suffix } = wrapper.settings.functions.call;
  return { prefix: plain(prefix), middle: plain(paramsPrefix), suffix: plain(suffix) };
}

/** The grammar of one call, from the name on: what follows the prefix in a forced call. */
export function callGrammar(tools: readonly OfferedTool[], { middle }: CallSyntax): string {
  const writer = grammarWriter();
  const calls = tools.map(({ name, parameters }) => {
    const schema = readArguments(parameters ?? {}, `tools.${name}.parameters`);
    return `${literal(`${name}${middle}`)} ${writer.expression(schema)}`;
  });
  return writer.finish(calls.join(' | '));
}

/**
 * Reads the calls out of what a model wrote from the first prefix on (without it). Text that is no
 * call is left out.
 */
export function readCalls(text: string, { prefix, middle, suffix }: CallSyntax): ToolCall[] {
  return text.split(prefix.trim()).flatMap((part): ToolCall[] => {
    const at = part.indexOf(middle);
    if (at < 0) return [];
    const name = part.slice(0, at).trim();
    const rest = part.slice(at + middle.length);
    const end = suffix === '' ? -1 : rest.lastIndexOf(suffix.trim());
    return [{ name, arguments: (end < 0 ? rest : rest.slice(0, end)).trim() }];
  });
}

function plain(text: string | LlamaText): string {
  return LlamaText(text).toString();
}
