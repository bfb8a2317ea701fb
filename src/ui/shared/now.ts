import { signal } from '@preact/signals';

/** The time in milliseconds, told once a second while somebody looks at the page. */
export const now = signal(Date.now());

const tell = () => {
  if (document.visibilityState === 'visible') now.value = Date.now();
};

setInterval(tell, 1000);
document.addEventListener('visibilitychange', tell);
