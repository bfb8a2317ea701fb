import type { ComponentChildren } from 'preact';

/** How something is: good, a warning, bad, or neither. */
export type Look = 'good' | 'warn' | 'bad' | 'plain';

/** One line of a list of states. */
export type StateLine = {
  readonly name: string;
  readonly look: Look;
  /** In a word or two. */
  readonly state: string;
  readonly more?: ComponentChildren;
};

type Props = { readonly lines: readonly StateLine[]; readonly class?: string };

/** Things and how they are, one below the other. */
export function StateList({ lines, class: more = '' }: Props) {
  return (
    <dl class={`states ${more}`}>
      {lines.map(({ name, look, state, more }) => (
        <div key={name}>
          <dt>{name}</dt>
          <dd>
            <span class={`chip ${look}`}>{state}</span>
            {more && <span class="muted numbers">{more}</span>}
          </dd>
        </div>
      ))}
    </dl>
  );
}
