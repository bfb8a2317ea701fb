import { type ComponentChild, render } from 'preact';

/** Puts a page in place of what its HTML showed until now. */
export function mount(page: ComponentChild): void {
  const place = document.getElementById('app');
  if (!place) throw new Error('the page has no #app');
  place.replaceChildren();
  render(page, place);
}
