import { signal } from '@preact/signals';

/** Which of the points somebody points at, in all charts at once. */
export const pointed = signal<number | undefined>(undefined);
