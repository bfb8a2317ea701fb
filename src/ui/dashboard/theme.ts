import { signal } from '@preact/signals';

/** Colours of the page, for what is drawn on a canvas. */
export type Theme = {
  readonly name: string;
  readonly text: string;
  readonly line: string;
  /** The value of a CSS variable. */
  readonly colourOf: (variable: string) => string;
};

const dark = matchMedia('(prefers-color-scheme: dark)');

/** Changes with the system's setting. */
export const theme = signal(read());

dark.addEventListener('change', () => {
  theme.value = read();
});

function read(): Theme {
  const styles = getComputedStyle(document.documentElement);
  const colourOf = (variable: string) => styles.getPropertyValue(variable).trim();
  return {
    name: dark.matches ? 'dark' : 'light',
    text: colourOf('--muted'),
    line: colourOf('--line'),
    colourOf,
  };
}
