/** Outlines of 24 by 24, drawn with strokes in the colour of the text. */
const PATHS = {
  key: 'M9 19a4 4 0 1 0 0-8 4 4 0 0 0 0 8Zm2.8-6.8L20 4m-3.5 3.5L19 10',
  plus: 'M12 5v14M5 12h14',
  menu: 'M4 7h16M4 12h16M4 17h16',
  close: 'm6 6 12 12M18 6 6 18',
  search: 'M11 18a7 7 0 1 0 0-14 7 7 0 0 0 0 14Zm5-2 4 4',
  send: 'M12 19V5m-6 6 6-6 6 6',
  stop: 'M7 7h10v10H7z',
  retry: 'M4 12a8 8 0 1 0 2.6-5.9L4 8.5M4 4v4.5h4.5',
  edit: 'm4 20 1-4L16 5l3 3L8 19l-4 1Zm10-13 3 3',
  copy: 'M9 9h10v11H9zM5 15V4h10',
  check: 'm5 13 4.5 4.5L19 8',
  trash: 'M4 7h16M9 7V4h6v3m-8 0 1 13h8l1-13',
  more: 'M6 11.5h.01v1H6zM12 11.5h.01v1H12zM18 11.5h.01v1H18z',
  down: 'm6 9 6 6 6-6',
  settings:
    'M4 8h9m4 0h3M4 16h3m4 0h9M15 10.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5ZM9 18.5a2.5 2.5 0 1 0 0-5 2.5 2.5 0 0 0 0 5Z',
  download: 'M12 4v11m-5-4.5 5 5 5-5M5 20h14',
  upload: 'M12 16V5M7 9.5l5-5 5 5M5 20h14',
  warning: 'M12 4 2.8 19.5h18.4L12 4Zm0 6v4.5m0 2.5h.01',
  offline:
    'M3 3l18 18M8.5 15a5 5 0 0 1 7 0M5 11.5a10 10 0 0 1 4-2.4m5.5.3a10 10 0 0 1 4.5 2.1M12 19h.01',
  clock: 'M12 21a9 9 0 1 0 0-18 9 9 0 0 0 0 18Zm0-14v5l3.5 2',
  leave: 'M14 4h5v16h-5M10 8l-4 4 4 4m-4-4h9',
  seam: 'M12 3v6m0 6v6M8.5 9.5 12 13l3.5-3.5',
  keyboard: 'M3 7h18v10H3zM7 10.5h.01M11 10.5h.01M15 10.5h.01M8 14h8',
} as const;

export type IconName = keyof typeof PATHS;

/** A picture that says nothing to a screen reader: its button or text has the words. */
export function Icon({ name }: { readonly name: IconName }) {
  return (
    <svg
      class="icon"
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      stroke-width="1.8"
      stroke-linecap="round"
      stroke-linejoin="round"
      aria-hidden="true"
    >
      <path d={PATHS[name]} />
    </svg>
  );
}
