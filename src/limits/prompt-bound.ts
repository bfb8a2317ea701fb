/**
 * At most how many tokens a text takes, as far as anybody can tell from its characters alone: a
 * bound for reservations, not an expectation. Measured against o200k and cl100k in
 * `bench/token-estimate`. Costs a few nanoseconds a character.
 */
export function textBound(text: string): number {
  let tokens = 0;
  let run = 0;
  let kind: Kind = 'other';
  for (let index = 0; index < text.length; index++) {
    const unit = text.charCodeAt(index);
    const next = kindOf(unit);
    if (next === kind && kind !== 'wide') {
      run += 1;
      continue;
    }
    tokens += costOf(kind, run);
    // A capital within a word starts a new one, as in camelCase.
    run = kind === 'upper' && next === 'lower' && run === 1 ? 2 : 1;
    kind = next;
    if (kind === 'wide') {
      tokens += wideCost(unit);
      run = 0;
    }
  }
  return Math.ceil((tokens + costOf(kind, run)) * 1.03);
}

type Kind = 'lower' | 'upper' | 'digit' | 'space' | 'line' | 'mark' | 'foreign' | 'wide' | 'other';

function kindOf(unit: number): Kind {
  if (unit >= 0x61 && unit <= 0x7a) return 'lower';
  if (unit === 0x20) return 'space';
  if (unit >= 0x41 && unit <= 0x5a) return 'upper';
  if (unit >= 0x30 && unit <= 0x39) return 'digit';
  if (unit < 0x21) return 'line';
  if (unit < 0x80) return 'mark';
  return unit < 0x2000 ? 'foreign' : 'wide';
}

/** Tokens of a run of characters of one kind. */
function costOf(kind: Kind, run: number): number {
  if (run === 0) return 0;
  switch (kind) {
    case 'lower':
      if (run > 15) return run * 0.55;
      return run <= 7 ? 1.05 + Math.max(0, run - 4) * 0.1 : 1 + (run - 4) * 0.3;
    case 'upper':
      return 0.5 + run * 0.5;
    case 'digit':
      return Math.ceil(run / 3);
    case 'space':
      // A single one belongs to the word behind it.
      return run === 1 ? 0 : 1;
    case 'line':
      return 1;
    case 'mark':
      return run <= 2 ? run * 0.9 : 0.5 + run * 0.7;
    case 'foreign':
      return 0.5 + run * 0.5;
    default:
      return 0;
  }
}

/** Chinese, Japanese and Korean characters; halves of emoji and rarer ones take more. */
function wideCost(unit: number): number {
  return unit >= 0xd800 && unit < 0xe000 ? 1.6 : 1.05;
}

/** What every prompt takes beside its texts: the model's own preamble, and roles and separators. */
const PREAMBLE_TOKENS = 100;
const MESSAGE_TOKENS = 8;

/** No model that Groq hosts takes more for one image. */
const IMAGE_TOKENS = 2_500;

/** Fields that say how to answer; they are no part of the prompt. */
const CONTROLS: ReadonlySet<string> = new Set(['model', 'stream', 'user', 'stop', 'metadata']);

/** At most how many tokens the prompt of a request takes, in whichever API's shape it is. */
export function promptBound(params: Readonly<Record<string, unknown>>): number {
  let tokens = PREAMBLE_TOKENS;
  for (const [name, value] of Object.entries(params)) {
    if (!CONTROLS.has(name)) tokens += valueBound(value);
  }
  return Math.ceil(tokens);
}

function valueBound(value: unknown): number {
  if (typeof value === 'string') return textBound(value);
  if (typeof value !== 'object' || value === null) return 2;
  if (Array.isArray(value)) return value.reduce<number>((sum, each) => sum + valueBound(each), 0);
  if ('image_url' in value) return IMAGE_TOKENS;
  let tokens = 'role' in value ? MESSAGE_TOKENS : 0;
  for (const [name, each] of Object.entries(value)) {
    tokens += NAMES_OF_MESSAGES.has(name)
      ? valueBound(each)
      : textBound(name) + 2 + valueBound(each);
  }
  return tokens;
}

/** Names that a chat template doesn't spell out. */
const NAMES_OF_MESSAGES: ReadonlySet<string> = new Set(['role', 'content', 'type', 'text']);
