import {
  type ChatModelFunctions,
  type ChatWrapper,
  type ChatWrapperGenerateContextStateOptions,
  type ChatWrapperGeneratedContextState,
  isLlamaText,
  type LlamaModel,
  type LlamaText,
  SpecialToken,
  SpecialTokensText,
  type Token,
  type Tokenizer,
} from 'node-llama-cpp';
import type { HistoryCut, ToolOffer, Turn } from '../protocol.ts';
import { TOOLS_NOT_SUPPORTED } from '../tools.ts';
import type { Loading } from './engine.ts';
import { cutHistory } from './history.ts';
import { callsAsText, historyOf } from './past-calls.ts';
import { Refused } from './refused.ts';
import { seamOf } from './seam.ts';
import { farTooMany, textsOf } from './too-long.ts';

export type Prompt = {
  readonly tokens: readonly Token[];
  /** Tokens that end the answer beside the model's own end tokens. */
  readonly ends: ReadonlySet<Token>;
  /** What the answer must begin with: the end of the text that it carries on. */
  readonly tail: string;
};

type Chat = {
  readonly turns: readonly Turn[];
  readonly continues: boolean;
  readonly raw?: string | undefined;
  readonly history?: HistoryCut | undefined;
  readonly tools?: ToolOffer | undefined;
};

/**
 * Renders a chat by the model's template, and tokenises it; what the caller wrote never becomes a
 * control token.
 *
 * @throws Refused `context_length_exceeded` when the prompt leaves no room for one token of answer
 */
export function promptOf(loading: Loading, chat: Chat): Prompt {
  const { model, contextSize, calls } = loading;
  if (chat.raw !== undefined) return plainPrompt(loading, chat.raw);
  if (chat.tools && !calls) throw new Refused(TOOLS_NOT_SUPPORTED);
  const told = calls ? chat.turns : callsAsText(chat.turns);
  const turns = chat.history
    ? cutHistory(told, chat.history, (text) => model.tokenize(text).length)
    : told;
  refuseMonsters(loading, [...turns.flatMap(textsOf), ...described(chat.tools)]);
  const { head, tail } = seamOf(chat.continues ? (turns.at(-1)?.text ?? '') : '');
  const upToSeam = tail === '' ? turns : turns.with(-1, { role: 'assistant', text: head });
  const prompt = { ...render(loading, { ...chat, turns: upToSeam }), tail };
  if (prompt.tokens.length >= contextSize) throw overflow(prompt.tokens.length, contextSize);
  return prompt;
}

/** A legacy completion's text, as it is. */
function plainPrompt(loading: Loading, text: string): Prompt {
  const { model, contextSize } = loading;
  refuseMonsters(loading, [text]);
  const tokens = begun(model, model.tokenize(text));
  if (tokens.length >= contextSize) throw overflow(tokens.length, contextSize);
  return { tokens, ends: new Set(), tail: '' };
}

function render(
  { model, wrapper, calls }: Loading,
  { turns, continues, tools }: Chat,
): Omit<Prompt, 'tail'> {
  const { contextText, stopGenerationTriggers } = templateApplied(wrapper, {
    chatHistory: historyOf(turns, continues),
    ...(tools ? { availableFunctions: functionsOf(tools) } : {}),
  });
  const forced = tools?.choice === 'required' ? (calls?.prefix ?? '') : '';
  const tokens = contextText.concat(new SpecialTokensText(forced)).tokenize(model.tokenizer);
  const ends = stopGenerationTriggers.map((trigger) => endToken(trigger, model.tokenizer));
  return { tokens: begun(model, tokens), ends: new Set(ends.filter((end) => end !== undefined)) };
}

function templateApplied(
  wrapper: ChatWrapper,
  options: ChatWrapperGenerateContextStateOptions,
): ChatWrapperGeneratedContextState {
  try {
    return wrapper.generateContextState(options);
  } catch {
    // A template may insist on an order of roles.
    const message = "The local model's chat template refuses this sequence of messages.";
    throw new Refused({ code: 'invalid_request', message, param: 'messages' });
  }
}

/**
 * Puts the opening token in front where the model wants one and its template forgot it, and where there
 * is nothing else to go on from.
 */
function begun({ tokens: { bos, shouldPrependBosToken } }: LlamaModel, prompt: Token[]): Token[] {
  const isMissing = shouldPrependBosToken && bos !== null && prompt[0] !== bos;
  if (isMissing) return [bos, ...prompt];
  if (prompt.length > 0) return prompt;
  if (bos !== null) return [bos];
  const message = 'There is nothing that the local model could go on from. Send some text.';
  throw new Refused({ code: 'invalid_request', message, param: 'messages' });
}

function functionsOf({ offered }: ToolOffer): ChatModelFunctions {
  // The wrapper hands `params` to the template as they are; its type knows only what grammars can.
  return Object.fromEntries(
    offered.map(({ name, description, parameters }) => [name, { description, params: parameters }]),
  ) as ChatModelFunctions;
}

/** The token that begins a template's end of turn, when it is a control token. */
function endToken(trigger: LlamaText, tokenizer: Tokenizer): Token | undefined {
  const [first] = isLlamaText(trigger) ? trigger.values : [];
  if (!(first instanceof SpecialToken || first instanceof SpecialTokensText)) return undefined;
  const [token] = first.tokenize(tokenizer);
  return token !== undefined && tokenizer.isSpecialToken(token) ? token : undefined;
}

/** What a template writes of offered tools is as long as what the request says of them. */
function described(tools: ToolOffer | undefined): string[] {
  return tools ? [JSON.stringify(tools.offered)] : [];
}

function refuseMonsters({ model, contextSize }: Loading, texts: readonly string[]): void {
  const tokens = farTooMany(model, texts, contextSize);
  if (tokens !== undefined) throw overflow(tokens, contextSize, 'about ');
}

function overflow(tokens: number, contextSize: number, about = ''): Refused {
  return new Refused({
    code: 'context_length_exceeded',
    message:
      `The local model's context holds ${contextSize} tokens, and the messages take ${about}` +
      `${tokens}. Shorten them, or drop older ones.`,
    param: 'messages',
  });
}
