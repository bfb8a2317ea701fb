import { type ChatChunk, type ChunkChoice, callsTool, type Usage } from '../../core/chat.ts';
import { usageOf } from '../../core/usage.ts';
import { GrowingText } from './growing-text.ts';

/** What the caller of a stream has been given so far. */
export type Delivered = {
  /** Of the first chunk: they stay the same throughout. */
  id?: string | undefined;
  created?: number | undefined;
  readonly said: GrowingText;
  /** Events with text: a provider sends one a token. */
  textTokens: number;
  reasoningTokens: number;
  hasToolCall: boolean;
  /** Several choices side by side: two texts in one stream. */
  hasChoices: boolean;
  /** Longer than what is remembered: nobody can carry it on. */
  isTooLong: boolean;
  isFinished: boolean;
};

/** Characters; no model of today answers with more, and none takes more as a prefill. */
const MAX_TEXT = 2 ** 20;

/** Nothing yet, of so many choices. */
export function nothingDelivered(choicesAskedFor = 1): Delivered {
  const hasChoices = choicesAskedFor > 1;
  const counts = { said: new GrowingText(), textTokens: 0, reasoningTokens: 0 };
  return { ...counts, hasChoices, hasToolCall: false, isTooLong: false, isFinished: false };
}

/** Notes a chunk that goes to the caller. */
export function note(delivered: Delivered, { id, created, choices }: ChatChunk): void {
  delivered.id ??= id;
  delivered.created ??= created;
  const [choice] = choices;
  const { content, reasoning } = choice?.delta ?? {};
  if (choice?.finish_reason) delivered.isFinished = true;
  if (choices.length > 1 || (choice?.index ?? 0) > 0) delivered.hasChoices = true;
  if (content) {
    delivered.textTokens += 1;
    delivered.isTooLong ||= delivered.said.length + content.length > MAX_TEXT;
  }
  if (reasoning) delivered.reasoningTokens += 1;
  if (callsTool(choice?.delta)) delivered.hasToolCall = true;
  if (!canGoOn(delivered)) delivered.said.drop();
  else if (content) delivered.said.add(content);
}

/** Whether another model could carry it on. */
export function canGoOn({ hasChoices, hasToolCall, isTooLong }: Delivered): boolean {
  return !(hasChoices || hasToolCall || isTooLong);
}

/** Whether all was said: what goes wrong now harms nobody. */
export function isWhole({ isFinished, hasChoices }: Delivered): boolean {
  return isFinished && !hasChoices;
}

/** Log probabilities are of the tokens that came: beside another text they would be wrong. */
export function withoutLogprobs(choice: ChunkChoice): ChunkChoice {
  return choice['logprobs'] ? { ...choice, logprobs: null } : choice;
}

/** A chunk whose content is another text. */
export function withText(chunk: ChatChunk, content: string): ChatChunk {
  const [choice, ...others] = chunk.choices;
  if (!choice) return chunk;
  return { ...chunk, choices: [{ ...choice, delta: { ...choice.delta, content } }, ...others] };
}

/** What the parts before a continuation cost. */
export type Spent = {
  readonly completionTokens: number;
  /** Tokens of the continuation's prompt that are the answer's own beginning. */
  readonly prefillTokens: number;
};

/** The prompt once, the completions summed. */
export function withTotals(chunk: ChatChunk, spent: Spent): ChatChunk {
  const usage = usageOf(chunk);
  if (!usage) return chunk;
  const sum = addedUp(usage, spent);
  const groq = chunk['x_groq'];
  const hasGroqUsage = typeof groq === 'object' && groq !== null && 'usage' in groq;
  return {
    ...chunk,
    ...(chunk.usage ? { usage: sum } : {}),
    ...(hasGroqUsage ? { x_groq: { ...groq, usage: sum } } : {}),
  };
}

function addedUp(usage: Usage, { completionTokens, prefillTokens }: Spent): Usage {
  const prompt = Math.max(1, usage.prompt_tokens - prefillTokens);
  const completion = usage.completion_tokens + completionTokens;
  return {
    ...usage,
    prompt_tokens: prompt,
    completion_tokens: completion,
    total_tokens: prompt + completion,
  };
}
