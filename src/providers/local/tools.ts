import { ApiError } from '../../core/errors.ts';
import { notSupported, refusalError } from './failures.ts';
import { readSchema } from './json/read-schema.ts';
import type { ReadSchema } from './json/shape.ts';
import { typesOfShape } from './json/types-of-shape.ts';
import type { LocalParams } from './params.ts';
import type { Profile } from './profile.ts';
import type { OfferedTool, Refusal, ToolOffer } from './protocol.ts';

/**
 * What a request offers the model to call; undefined when it offers nothing.
 *
 * @throws ApiError `not_supported` when this model can't, `invalid_request` for an unknown choice
 */
export function toolsOf(params: LocalParams, profile: Profile): ToolOffer | undefined {
  const { tools, tool_choice: choice, parallel_tool_calls: parallel } = params;
  refuseFunctions(params);
  if (choice === 'none') return undefined;
  if (!tools?.length) {
    if (!choice || choice === 'auto') return undefined;
    const message = 'tool_choice asks for a call, and there are no tools.';
    throw new ApiError('invalid_request', message, { param: 'tool_choice' });
  }
  if (!profile.mayCallTools) throw refusalError(TOOLS_NOT_SUPPORTED);
  const all = tools.map(({ function: { name, description, parameters } }): OfferedTool => {
    const form = parameters ?? undefined;
    return { name, description: description ?? undefined, parameters: form };
  });
  if (!choice || choice === 'auto') {
    return { offered: all, choice: 'auto', parallel: parallel ?? true };
  }
  const offered = choice === 'required' ? all : chosen(all, choice);
  // A forced call is written by grammar, which must be able to promise what the schema says.
  for (const { name, parameters } of offered) {
    if (parameters !== undefined) readArguments(parameters, `tools.${name}.parameters`);
  }
  return { offered, choice: 'required', parallel: false };
}

/** The refusal of a model, or of a template, that knows no tools. */
export const TOOLS_NOT_SUPPORTED: Refusal = {
  code: 'not_supported',
  message: "The local model can't call tools. Leave them out, or set tool_choice to none.",
  param: 'tools',
};

function refuseFunctions({ functions, function_call: choice }: LocalParams): void {
  if (!functions?.length || choice === 'none') return;
  const message = 'The local model knows functions only as tools: send tools and tool_choice.';
  throw notSupported(message, 'functions');
}

/**
 * Reads the schema of a call's arguments, which are always an object.
 *
 * @throws ApiError as `readSchema`
 */
export function readArguments(parameters: unknown, param: string): ReadSchema {
  const schema = readSchema(parameters, param);
  if (schema.root.kind === 'any') return readSchema({ type: 'object' }, param);
  const types = [...typesOfShape(schema.root, schema.definitions)];
  if (types.every((type) => type === 'object')) return schema;
  const message = 'The arguments of a call are an object; their schema must say so.';
  throw new ApiError('invalid_request', message, { param });
}

type Choice = Exclude<LocalParams['tool_choice'], string | null | undefined>;

function chosen(tools: readonly OfferedTool[], choice: Choice): readonly OfferedTool[] {
  if (!('function' in choice)) {
    const message =
      'The local model knows no allowed_tools: send only those tools, and "auto" or "required".';
    throw notSupported(message, 'tool_choice');
  }
  const { name } = choice.function;
  const found = tools.filter((tool) => tool.name === name);
  if (found.length > 0) return found;
  const message = `tool_choice names "${name}", which is not among the tools.`;
  throw new ApiError('invalid_request', message, { param: 'tool_choice' });
}
