import { maxTokensOf } from './answer.ts';
import { arrayAt, isObject, type JsonObject } from './json.ts';
import { badRequest, type Refusal } from './refusal.ts';

const known = new Set(
  (
    'messages model stream stream_options temperature top_p max_tokens max_completion_tokens stop ' +
    'seed tools tool_choice parallel_tool_calls response_format reasoning_effort ' +
    'reasoning_format include_reasoning service_tier user n frequency_penalty presence_penalty ' +
    'disable_tool_validation documents search_settings compound_custom citation_options ' +
    'functions function_call metadata store logprobs top_logprobs logit_bias ' +
    'exclude_domains include_domains'
  ).split(' '),
);

const knownInMessages = new Set(
  'role content name tool_calls tool_call_id function_call'.split(' '),
);
const roles = new Set('system developer user assistant tool function'.split(' '));

function unsupported(body: JsonObject): Refusal | undefined {
  for (const name of ['logprobs', 'top_logprobs', 'logit_bias']) {
    const value = body[name];
    if (value === undefined || value === null || value === false) continue;
    return badRequest(`\`${name}\` is not supported with this model`, name);
  }
  if (body.n !== undefined && body.n !== null && body.n !== 1) {
    return badRequest("'n' : number must be at most 1", 'n');
  }
  return undefined;
}

function checkMessage(message: unknown, index: number): Refusal | undefined {
  const place = `messages.${index}`;
  if (!isObject(message)) return badRequest(`'${place}' : value must be an object`, 'messages');
  if (!roles.has(String(message.role))) {
    return badRequest(`'${place}' : discriminator property 'role' has invalid value`, 'messages');
  }
  const role = String(message.role);
  const strange = Object.keys(message).find((name) => !knownInMessages.has(name));
  const named = message.name !== undefined && role !== 'tool' && role !== 'function';
  const refused = strange ?? (named ? 'name' : undefined);
  if (refused === undefined) return undefined;
  return badRequest(
    `'${place}' : for 'role:${role}' the following must be satisfied[('${place}' : property '${refused}' is unsupported)]`,
    'messages',
  );
}

function checkJsonMode(body: JsonObject, messages: readonly unknown[]): Refusal | undefined {
  const format = isObject(body.response_format) ? body.response_format : {};
  if (format.type !== 'json_object' || /json/i.test(JSON.stringify(messages))) return undefined;
  return badRequest(
    "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
    'messages',
  );
}

/** What Groq refuses in a chat request, or undefined where it takes it. */
export function checkChat(body: JsonObject, maxCompletionTokens: number): Refusal | undefined {
  const strange = Object.keys(body).find((name) => !known.has(name));
  if (strange) return badRequest(`property '${strange}' is unsupported`, strange);
  const messages = arrayAt(body, 'messages');
  if (messages.length === 0)
    return badRequest("'messages' : minimum number of items is 1", 'messages');
  const wrong = messages.map(checkMessage).find((refusal) => refusal !== undefined);
  if (wrong) return wrong;
  if (arrayAt(body, 'tools').length > 128)
    return badRequest("'tools' : maximum number of items is 128", 'tools');
  if ((maxTokensOf(body) ?? 0) > maxCompletionTokens) {
    const limit = `\`max_tokens\` must be less than or equal to \`${maxCompletionTokens}\``;
    return badRequest(
      `${limit}, the maximum value for \`max_tokens\` for this model`,
      'max_tokens',
    );
  }
  if (body.reasoning_format !== undefined && body.include_reasoning !== undefined) {
    return badRequest('cannot specify both `include_reasoning` and `reasoning_format`');
  }
  return unsupported(body) ?? checkJsonMode(body, messages);
}
