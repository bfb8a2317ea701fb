import type { Plugin } from 'rolldown';

/** What stays outside: native code, and Electron's own. */
export const NOT_BUNDLED: (string | RegExp)[];

/** For a build of what ships. */
export function engineBundled(): Plugin;
