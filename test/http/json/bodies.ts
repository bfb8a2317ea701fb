import type { Dice } from '../../support/dice.ts';

const LETTERS = [
  'a',
  ' ',
  '#',
  ']',
  '\n',
  '"',
  '\\',
  '/',
  '\t',
  '\u0001',
  '\u007f',
  'é',
  '中',
  '😀',
  '\ud83d',
  '\ude00',
  '\u2028',
  '\ufeff',
] as const;

/** A text of a kind: plain for the most part, or full of what has to be escaped. */
function text({ below, pick }: Dice): string {
  const length = pick([0, 1, 7, 40, 900, 1_030, 5_000]);
  const rarity = pick([1, 4, 90]);
  const letters = Array.from({ length }, () => (below(rarity) === 0 ? pick(LETTERS) : 'x'));
  return letters.join('');
}

/** A text as JSON, in one of the ways in which JSON lets it be written. */
function written(value: string, { below, pick }: Dice): string {
  const style = pick(['plain', 'ascii', 'odd']);
  if (style === 'plain') return JSON.stringify(value);
  const escaped = JSON.stringify(value).replace(/[^ -~]/g, (unit) => hex(unit, below(2) === 0));
  return style === 'ascii' ? escaped : escaped.replaceAll('/', '\\/').replaceAll('x', oneOf);

  function oneOf(letter: string): string {
    return below(50) === 0 ? hex(letter, true) : letter;
  }
}

function hex(unit: string, isLarge: boolean): string {
  const digits = unit.charCodeAt(0).toString(16).padStart(4, '0');
  return `\\u${isLarge ? digits.toUpperCase() : digits}`;
}

/** Any value. */
function value(chance: Dice, depth: number): string {
  const kind = chance.below(depth > 3 ? 4 : 6);
  const blank = chance.pick(['', '', ' ', '\n  ']);
  if (kind < 3) return written(text(chance), chance);
  if (kind === 3) return chance.pick(['1', '-2.5e3', 'true', 'null', '""']);
  const inner = Array.from({ length: chance.below(4) }, () => value(chance, depth + 1));
  if (kind === 4) return `[${inner.join(`,${blank}`)}]`;
  const names = ['text', 'url', '__proto__', 'constructor', '1', 'toString', 'text'];
  return fields(
    inner.map((each) => [chance.pick(names as [string, ...string[]]), each]),
    blank,
  );
}

function fields(pairs: readonly (readonly [name: string, value: string])[], blank = ''): string {
  return `{${pairs.map(([name, each]) => `"${name}"${blank}:${each}`).join(`,${blank}`)}}`;
}

/** A chat's body, with some of what an OpenAI client may send, and some of what none should. */
export function chatBody(chance: Dice): string {
  const { below, pick } = chance;
  const say = () => written(text(chance), chance);
  const content = () =>
    pick([
      say,
      say,
      say,
      () =>
        `[${fields([
          ['type', '"text"'],
          ['text', say()],
        ])}]`,
      () =>
        `[${fields([
          ['type', '"image_url"'],
          [
            'image_url',
            fields([
              ['url', say()],
              ['detail', '"low"'],
            ]),
          ],
        ])}]`,
      () => value(chance, 0),
    ])();
  const message = () =>
    fields([
      ['role', pick(['"user"', '"assistant"', '"tool"', '"system"', '"user"', say()])],
      ['content', content()],
      ...(below(6) === 0 ? [['name', say()] as const] : []),
      ...(below(6) === 0 ? [['tool_calls', value(chance, 0)] as const] : []),
      ...(below(9) === 0 ? [['content', content()] as const] : []),
    ]);
  const messages = Array.from({ length: 1 + below(8) }, message);
  return fields([
    ['model', below(9) === 0 ? say() : '"one"'],
    ...(below(4) === 0 ? [[pick(['user', 'prompt', 'stop', 'seed']), say()] as const] : []),
    ...(below(5) === 0 ? [['tools', value(chance, 0)] as const] : []),
    ['messages', `[${messages.join(pick([',', ', ', ',\n']))}]`],
    ...(below(9) === 0 ? [['messages', `[${message()}]`] as const] : []),
    ...(below(5) === 0 ? [[pick(['extra', '__proto__']), value(chance, 0)] as const] : []),
  ]);
}

/** The same, harmed somewhere, or left as it is. */
export function harmed(body: Buffer, { below, pick }: Dice): Buffer {
  const at = below(body.length);
  const [before, after] = [body.subarray(0, at), body.subarray(at)];
  const put = (...bytes: readonly (string | Uint8Array)[]) =>
    Buffer.concat([before, ...bytes.map((each) => Buffer.from(each)), after]);
  return pick([
    () => body,
    () => body,
    () => before,
    () => put('\u0000'),
    () => put('\n'),
    () => put('\\'),
    () => put('\\x'),
    () => put('\\u12g4'),
    () => put('\\u123'),
    () => put('"'),
    () => put(Uint8Array.of(0xff)),
    () => put('{', '"'),
    () => Buffer.concat([before, after.subarray(1)]),
    () => Buffer.concat([Buffer.from('\ufeff'), body]),
    () => Buffer.concat([body, Buffer.from(' \n')]),
    () => Buffer.concat([body, Buffer.from('x')]),
  ])();
}
