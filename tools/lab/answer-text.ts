import { arrayAt, isObject, type JsonObject, stringAt } from './json.ts';

/** What decides an answer besides the prompt. */
export type AnswerOptions = {
  /** Another seed, another text. */
  readonly seed?: number;
  /** Length where the prompt doesn't say `[tokens=…]`. */
  readonly tokens?: number;
};

/** The lengths and seed that hold where nothing else is said. */
export const defaultAnswer = { seed: 1, tokens: 60 } as const;

const plainWords =
  'river harbour lantern anchor compass meadow quiet window orchard granite signal copper ' +
  'thunder willow marble station garden violet summer engine bridge candle forest island';
const words = plainWords.split(' ');
const foreignWords = ['Füße', 'naïve', '你好', '🚀', 'größer', '日本語', '👩‍💻', 'Straße', 'señor'];

/** Small seeded generator of numbers from 0 to 1 (mulberry32). */
function createRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

function hash(text: string): number {
  let value = 0x811c9dc5;
  for (let index = 0; index < text.length; index += 1) {
    value = Math.imul(value ^ text.charCodeAt(index), 0x01000193);
  }
  return value >>> 0;
}

/** The text of one message, whether its content is a string or a list of parts. */
export function textOf(message: unknown): string {
  if (!isObject(message)) return '';
  const whole = stringAt(message, 'content');
  if (whole !== undefined) return whole;
  const parts = arrayAt(message, 'content').filter(isObject);
  return parts.map((part: JsonObject) => stringAt(part, 'text') ?? '').join('');
}

/** What the users said, joined: the part of a conversation that the answer depends on. */
export function promptOf(messages: readonly unknown[] | string): string {
  if (typeof messages === 'string') return messages;
  const users = messages.filter((message) => isObject(message) && message.role === 'user');
  return users.map(textOf).join('\n');
}

const codeLines = ['const größe', ' = "', '你好', ' 🚀"', ';\n', 'print(größe', ');'];

function tokenAt(index: number, random: () => number): string {
  const pick = (list: readonly string[]) => list[Math.floor(random() * list.length)] ?? '';
  const phase = index % 40;
  if (phase === 24) return '\n\n```ts\n';
  if (phase > 24 && phase < 32) return codeLines[phase - 25] ?? '';
  if (phase === 32) return '\n```\n\n';
  const space = index === 0 || phase === 33 ? '' : ' ';
  if (phase % 5 === 4) return `${space}${index}`;
  return space + pick(phase % 5 === 3 ? foreignWords : words);
}

/**
 * The tokens of the whole answer to a conversation. It depends on what the users said, the seed
 * and the length alone, never on the model, so that any model continues another's answer. Every
 * stretch holds umlauts, Chinese, surrogate pairs, running numbers and a code fence. A prompt with
 * `[tokens=500]` sets its own length.
 */
export function answerTokens(
  messages: readonly unknown[] | string,
  { seed = defaultAnswer.seed, tokens = defaultAnswer.tokens }: AnswerOptions = {},
): readonly string[] {
  const prompt = promptOf(messages);
  const asked = /\[tokens=(\d{1,6})\]/.exec(prompt)?.[1];
  const length = Math.max(1, asked === undefined ? tokens : Number(asked));
  const random = createRandom(hash(`${seed}\n${prompt}`));
  const text = Array.from({ length: length - 1 }, (_, index) => tokenAt(index, random));
  return [...text, '.'];
}

/** The whole answer as one text: what an uninterrupted caller gets, letter by letter. */
export const answerText = (
  messages: readonly unknown[] | string,
  options: AnswerOptions = {},
): string => answerTokens(messages, options).join('');
