import { randomInt } from 'node:crypto';
import type { ChatParams } from '../../core/chat.ts';
import { ApiError } from '../../core/errors.ts';
import { notSupported } from './failures.ts';
import { objectGrammar, schemaGrammar } from './json/grammar.ts';
import { readSchema } from './json/read-schema.ts';
import type { ReadSchema } from './json/shape.ts';
import { turnsOf } from './messages.ts';
import { type LocalParams, parseParams } from './params.ts';
import type { Profile } from './profile.ts';
import type { GenerateJob, Sampling } from './protocol.ts';
import { toolsOf } from './tools.ts';

/** A request that is understood: what the child has to do, and how the caller wants it served. */
export type Understood = {
  readonly job: GenerateJob;
  readonly streamed: boolean;
  readonly includeUsage: boolean;
  /** What the answer was promised to be; looked at once more when it is whole. */
  readonly schema: ReadSchema | undefined;
};

/**
 * Understands an OpenAI chat request for one model, or refuses it.
 *
 * @param prompt the plain text that a legacy completion wants to be carried on
 * @throws ApiError `invalid_request` or `not_supported`, with the field at fault
 */
export function understand(params: ChatParams, profile: Profile, prompt?: string): Understood {
  const checked = parseParams(params);
  const turns = turnsOf(params.messages);
  refuseUnsupported(checked);
  const tools = toolsOf(checked, profile);
  const { grammar, schema } = formOf(checked);
  const continues = turns.at(-1)?.role === 'assistant' && !turns.at(-1)?.calls;
  if (grammar && (continues || tools)) {
    const other = tools ? 'tools' : 'a trailing assistant message';
    throw notSupported(`The local model can't hold ${other} to JSON.`, 'response_format');
  }
  if (continues && tools?.choice === 'required') {
    const message = "The local model can't carry a text on and be held to a call.";
    throw notSupported(message, 'tool_choice');
  }
  const sampling = samplingOf(checked, profile);
  return {
    job: {
      kind: 'generate',
      turns,
      continues,
      raw: profile.mayComplete ? prompt : undefined,
      maxTokens: lengthOf(checked) ?? profile.answerTokens,
      stop: stopsOf(checked),
      sampling,
      topLogprobs: checked.logprobs ? (checked.top_logprobs ?? 0) : undefined,
      history: profile.history,
      unsure: grammar || continues || isBent(sampling) ? undefined : profile.unsure,
      grammar,
      tools,
    },
    streamed: checked.stream ?? false,
    includeUsage: checked.stream_options?.include_usage ?? false,
    schema,
  };
}

type Form = { readonly grammar?: string; readonly schema?: ReadSchema };

/** The grammar that holds an answer to JSON, and the schema that is looked at afterwards. */
function formOf({ response_format: format }: LocalParams): Form {
  if (!format || format.type === 'text') return {};
  if (format.type === 'json_object') return { grammar: objectGrammar() };
  const schema = readSchema(format.json_schema?.schema, 'response_format.json_schema.schema');
  return { grammar: schemaGrammar(schema), schema };
}

function refuseUnsupported({ n, top_logprobs, logprobs }: LocalParams): void {
  if (n && n > 1) throw notSupported('The local model writes one answer at a time: n is 1.', 'n');
  if (top_logprobs && !logprobs) {
    const message = 'top_logprobs needs logprobs to be true.';
    throw new ApiError('invalid_request', message, { param: 'top_logprobs' });
  }
}

function lengthOf({ max_completion_tokens, max_tokens }: LocalParams): number | undefined {
  return max_completion_tokens ?? max_tokens ?? undefined;
}

function stopsOf({ stop }: LocalParams): string[] {
  const stops = typeof stop === 'string' ? [stop] : (stop ?? []);
  return stops.filter((text) => text !== '');
}

function samplingOf(params: LocalParams, profile: Profile): Sampling {
  const bias = Object.entries(params.logit_bias ?? {});
  return {
    temperature: params.temperature ?? profile.temperature,
    topP: params.top_p ?? profile.topP,
    topK: params.top_k ?? profile.topK,
    minP: params.min_p ?? profile.minP,
    seed: seedOf(params.seed),
    repeatPenalty: params.repeat_penalty ?? profile.repeatPenalty,
    frequencyPenalty: params.frequency_penalty ?? 0,
    presencePenalty: params.presence_penalty ?? 0,
    logitBias: bias.map(([token, value]) => [Number(token), value] as const),
  };
}

/** Whether the odds of words are moved, so that they no longer tell what the model knows. */
function isBent(sampling: Sampling): boolean {
  const { logitBias, repeatPenalty, frequencyPenalty, presencePenalty } = sampling;
  const isPenalised = repeatPenalty !== 1 || frequencyPenalty !== 0 || presencePenalty !== 0;
  return isPenalised || logitBias.length > 0;
}

/** llama.cpp's seeds are 32 bits without a sign; the highest means "any". */
function seedOf(seed: number | null | undefined): number {
  const range = 2 ** 32 - 1;
  if (seed === undefined || seed === null) return randomInt(range);
  return ((seed % range) + range) % range;
}
