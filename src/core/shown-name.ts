/** What models are called: no blanks, and not much of it. */
const NAME = /^[\w./:@#=,+-]{1,100}$/;

const CLOUD = 'groq/';

const KEY = /^g?sk[-_]/;

/** Whether a text begins as keys do, ours or Groq's. */
export function looksLikeKey(text: string): boolean {
  return KEY.test(text);
}

/** Whether a text may be a model's name: a prompt is none, nor is a key. */
export function looksLikeName(text: string): boolean {
  return NAME.test(text) && !looksLikeKey(text);
}

/**
 * A model's name for others than its caller: in log, ledger, reports and traces. Callers may write
 * anything where it belongs, a prompt or a key as well, so only what looks like a name is shown.
 */
export function shownName(model: string): string {
  return looksLikeName(model) ? model : '?';
}

/** The same for who answered, as `x-served-by` names it; what a local model is called, its operator says. */
export function shownProvider(provider: string): string {
  return provider.startsWith(CLOUD) ? CLOUD + shownName(provider.slice(CLOUD.length)) : provider;
}
