import { stripVTControlCharacters, styleText } from 'node:util';

type Style = 'bold' | 'dim' | 'green' | 'yellow' | 'red' | 'cyan' | 'inverse';

/** Writes to the terminal, in colour where there are colours to be had (https://no-color.org). */
export type Paint = (style: Style, text: string) => string;

/** Colours for a terminal; none for a pipe, or where `NO_COLOR` is set. */
export function painter(isTerminal: boolean, environment: NodeJS.ProcessEnv): Paint {
  const isColourful = isTerminal && !environment['NO_COLOR'] && environment['TERM'] !== 'dumb';
  return (style, text) => {
    const plain = stripVTControlCharacters(text);
    return isColourful ? styleText(style, plain, { validateStream: false }) : plain;
  };
}
