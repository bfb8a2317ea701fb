import type { ComponentChildren } from 'preact';
import { ConnectionNote } from './connection-note.tsx';
import { Icon } from './icons.tsx';
import { Messages } from './messages.tsx';
import { type PagePath, SiteNav } from './site-nav.tsx';

type Props = {
  readonly here: PagePath;
  /** At the right end of the bar. */
  readonly end?: ComponentChildren;
  /** What still works while the server is out of reach. */
  readonly still: string;
  readonly children: ComponentChildren;
};

/** Bar, notes and main part of a page. */
export function PageFrame({ here, end, still, children }: Props) {
  return (
    <>
      <a class="skip-link" href="#main">
        Skip to the content
      </a>
      <header class="bar">
        <a class="brand" href="/" aria-label="keyturn">
          <Icon name="key" />
          <span>keyturn</span>
        </a>
        <SiteNav here={here} />
        <div class="end">{end}</div>
      </header>
      <main id="main" class="page" tabIndex={-1}>
        <ConnectionNote still={still} />
        {children}
      </main>
      <Messages />
    </>
  );
}
