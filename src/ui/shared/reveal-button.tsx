import type { Signal } from '@preact/signals';

/** Shows a secret that is hidden on the screen, and hides it again. */
export function RevealButton({ isVisible }: { readonly isVisible: Signal<boolean> }) {
  return (
    <button
      type="button"
      class="button"
      aria-pressed={isVisible.value}
      onClick={() => {
        isVisible.value = !isVisible.value;
      }}
    >
      {isVisible.value ? 'Hide' : 'Show'}
    </button>
  );
}
