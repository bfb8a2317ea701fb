import { signal } from '@preact/signals';

const SHOWN_MS = 2_500;

const message = signal('');
const announcement = signal('');
let timer: ReturnType<typeof setTimeout> | undefined;

/** Says something in passing, to eyes and screen readers. */
export function say(text: string): void {
  message.value = text;
  clearTimeout(timer);
  timer = setTimeout(() => {
    message.value = '';
  }, SHOWN_MS);
}

/** Says something to screen readers only: what eyes see anyway. */
export function announce(text: string): void {
  announcement.value = text;
}

/** Where passing messages appear; once a page. */
export function Messages() {
  return (
    <>
      <div class="messages" role="status">
        {message.value && <p>{message.value}</p>}
      </div>
      <p class="hidden-visually" role="status">
        {announcement.value}
      </p>
    </>
  );
}
