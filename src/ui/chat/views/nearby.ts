import { useSignal } from '@preact/signals';
import { useEffect } from 'preact/hooks';

/** About two screens on either side. */
const MARGIN = '1500px 0px';

let watcher: IntersectionObserver | undefined;
const waiting = new Map<Element, () => void>();

/**
 * True from the moment when a part of the page is nearly in view. A long conversation draws its
 * Markdown only there; elsewhere its text stands as it is, for the browser's own search.
 */
export function useNearby(place: { current: Element | null }): boolean {
  const isNearby = useSignal(false);
  useEffect(() => {
    const { current } = place;
    if (!current) return undefined;
    watcher ??= new IntersectionObserver(tell, { rootMargin: MARGIN });
    waiting.set(current, () => {
      isNearby.value = true;
    });
    watcher.observe(current);
    return () => forget(current);
  }, []);
  return isNearby.value;
}

function tell(entries: readonly IntersectionObserverEntry[]): void {
  for (const { isIntersecting, target } of entries) {
    if (!isIntersecting) continue;
    waiting.get(target)?.();
    forget(target);
  }
}

function forget(target: Element): void {
  watcher?.unobserve(target);
  waiting.delete(target);
}
