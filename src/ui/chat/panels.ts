import { signal } from '@preact/signals';

/** Which dialog is open, if one is. */
export type Panel =
  | { readonly kind: 'none' }
  | { readonly kind: 'models' }
  | { readonly kind: 'settings' }
  | { readonly kind: 'shortcuts' }
  | { readonly kind: 'conversation'; readonly id: string };

export const panel = signal<Panel>({ kind: 'none' });

/** The side list on a phone, where it lies above the page. */
export const isSideOpen = signal(false);

export const closePanel = (): void => {
  panel.value = { kind: 'none' };
};
