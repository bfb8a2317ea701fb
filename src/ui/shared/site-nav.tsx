const PAGES = [
  ['/', 'Chat'],
  ['/dashboard', 'Dashboard'],
  ['/admin', 'Admin'],
  ['/docs', 'API'],
] as const;

export type PagePath = (typeof PAGES)[number][0];

/** The way between the pages. */
export function SiteNav({ here }: { readonly here: PagePath }) {
  return (
    <nav class="site-nav" aria-label="Pages">
      {PAGES.map(([path, name]) => (
        <a key={path} href={path} aria-current={path === here ? 'page' : undefined}>
          {name}
        </a>
      ))}
    </nav>
  );
}
