import { signal } from '@preact/signals';
import { useId } from 'preact/hooks';
import type { Secret } from './description.ts';

/** Held in the memory of this page alone: they are gone with it. */
export const secrets = {
  key: signal(''),
  admin: signal(''),
  metrics: signal(''),
} as const;

const NAMES: Readonly<Record<Secret, string>> = {
  key: 'Key of the week',
  admin: 'Admin secret',
  metrics: 'Metrics token',
};

/** Fields for what the routes ask of their callers. */
export function Secrets() {
  const id = useId();
  return (
    <section class="card secrets" aria-labelledby={`${id}title`}>
      <h2 id={`${id}title`}>Who asks</h2>
      <div class="secret-fields">
        {(Object.keys(NAMES) as Secret[]).map((name) => (
          <div class="field" key={name}>
            <label class="label" for={id + name}>
              {NAMES[name]}
            </label>
            <input
              id={id + name}
              class="input"
              type="password"
              autocomplete="off"
              spellcheck={false}
              aria-describedby={`${id}hint`}
              value={secrets[name].value}
              onInput={(event) => {
                secrets[name].value = event.currentTarget.value.trim();
              }}
            />
          </div>
        ))}
      </div>
      <p id={`${id}hint`} class="muted">
        Kept in the memory of this page only, and sent in a header only, to this server only.
      </p>
    </section>
  );
}
