/** A keyboard on a screen has no Shift + Enter: there Enter begins a line. */
export const isTouch = matchMedia('(pointer: coarse)').matches;

/** Whether a key sends what was written. */
export function isSendKey({ key, shiftKey, isComposing }: KeyboardEvent): boolean {
  return key === 'Enter' && !shiftKey && !isComposing && !isTouch;
}
