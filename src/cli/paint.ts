/** Escape sequences of a terminal (ECMA-48), switched on and off. */
const CODES = {
  bold: [1, 22],
  dim: [2, 22],
  red: [31, 39],
  green: [32, 39],
  yellow: [33, 39],
  cyan: [36, 39],
} as const;

export type Colour = keyof typeof CODES;

/** Colours a text, or leaves it as it is. */
export type Paint = (colour: Colour, text: string) => string;

/** Paints for a terminal; leaves text alone elsewhere, and where NO_COLOR asks for it. */
export function painterFor(stream: { readonly isTTY?: boolean | undefined }): Paint {
  return stream.isTTY && !process.env['NO_COLOR'] ? coloured : (_colour, text) => text;
}

/** Switches a colour on and off again around the text. */
export function coloured(colour: Colour, text: string): string {
  return `${begin(colour)}${text}${end(colour)}`;
}

/** The sequence that switches a colour on. */
export function begin(colour: Colour): string {
  return `\u001b[${CODES[colour][0]}m`;
}

/** The sequence that switches it off. */
export function end(colour: Colour): string {
  return `\u001b[${CODES[colour][1]}m`;
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what is looked for
const CONTROLS = /[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g;

/** Takes out what could steer the reader's terminal: an answer is text, whatever its model says. */
export function harmless(text: string): string {
  return text.replace(CONTROLS, '');
}
