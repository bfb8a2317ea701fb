/** What one check found. A warning or a failure says how to mend it. */
export type Finding =
  | { readonly kind: 'fine'; readonly about: string; readonly found: string }
  | {
      readonly kind: 'warning' | 'failure';
      readonly about: string;
      readonly found: string;
      readonly mend: string;
    };

/** All is well. */
export function fine(about: string, found: string): Finding {
  return { kind: 'fine', about, found };
}

/** It works, but not as it should. */
export function warning(about: string, found: string, mend: string): Finding {
  return { kind: 'warning', about, found, mend };
}

/** It can't work like this. */
export function failure(about: string, found: string, mend: string): Finding {
  return { kind: 'failure', about, found, mend };
}
