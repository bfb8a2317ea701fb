// node-llama-cpp travels in the bundle of the model's process: loading its five hundred files took half of
// a cold start's CPU time (docs/decisions.md, "The library of the model's process").
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const HERE = fileURLToPath(new URL('.', import.meta.url));
const LIBRARY = /\/node_modules\/node-llama-cpp\/dist\/(.+\.js)$/;

/** Modules of the library, and what takes their place. */
const REPLACED = {
  'bindings/utils/testBindingBinary.js': 'passed-trial.mjs',
  'gguf/parser/GgufV2Parser.js': 'gguf-parser.mjs',
};

/** What the library only needs to download, to build, to talk to a terminal, or to hold whole chats itself. */
const LEFT_OUT = new Set([
  ...['async-retry', 'chmodrp', 'cross-spawn', 'filenamify', 'ipull', 'log-symbols', 'ora'],
  ...['pretty-ms', 'semver', 'simple-git', 'slice-ansi', 'stdout-update', 'which'],
  '../utils/getLlamaClasses.js',
]);

/** What stays outside: native code, and Electron's own. */
export const NOT_BUNDLED = [/^@node-llama-cpp\//, 'koffi', 'electron'];

const NOTHING = '\0engine:nothing';
const HOME = '\0engine:home';

/** For a build of what ships. */
export function engineBundled() {
  const missed = new Set(Object.keys(REPLACED));
  return {
    name: 'engine-bundled',
    async resolveId(id, importer = '') {
      if (id === HOME) return id;
      if (!LIBRARY.test(importer) || importer.startsWith(HERE)) return null;
      if (LEFT_OUT.has(id)) return { id: NOTHING, moduleSideEffects: false };
      const [, file] =
        (id.startsWith('.') && LIBRARY.exec((await this.resolve(id, importer))?.id)) || [];
      missed.delete(file);
      return REPLACED[file] ? join(HERE, REPLACED[file]) : null;
    },
    buildEnd() {
      if (missed.size > 0) this.error(`node-llama-cpp no longer has ${[...missed].join(', ')}`);
    },
    load(id) {
      if (id === NOTHING) return 'module.exports = {};';
      return id === HOME ? 'export const home = import.meta.resolve("node-llama-cpp");' : null;
    },
    transform(code, id) {
      const file = LIBRARY.exec(id)?.[1];
      if (!file) return null;
      const own = `new URL(${JSON.stringify(`./${file}`)}, home).href`;
      return {
        // Where the library's own files are, such as its binaries, is asked of Node once.
        code: code.includes('import.meta.url')
          ? `import { home } from '${HOME}'; ${code.replaceAll('import.meta.url', own)}`
          : code,
        map: null,
        moduleSideEffects: false,
      };
    },
  };
}
