import type { ComponentChildren } from 'preact';
import { useId } from 'preact/hooks';

type Props = {
  readonly title: string;
  /** Beside the title. */
  readonly aside?: ComponentChildren;
  readonly class?: string;
  readonly children: ComponentChildren;
};

/** A framed part of the board with a name of its own. */
export function Panel({ title, aside, class: more = '', children }: Props) {
  const id = useId();
  return (
    <section class={`panel ${more}`} aria-labelledby={id}>
      <div class="panel-head">
        <h2 id={id}>{title}</h2>
        {aside}
      </div>
      {children}
    </section>
  );
}

/** What a panel says where there is nothing to show. */
export function Nothing({ children }: { readonly children: ComponentChildren }) {
  return <p class="nothing muted">{children}</p>;
}
