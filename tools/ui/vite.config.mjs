import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { defineConfig } from 'vite';
import { lexerOfMarked } from './lexer-of-marked.mjs';

const root = join(dirname(dirname(dirname(fileURLToPath(import.meta.url)))), 'src', 'ui');

/** How Vite builds the pages, and serves them while somebody works on them (`npm run dev:ui`). */
export default defineConfig({
  root,
  plugins: [lexerOfMarked()],
  oxc: { jsx: { runtime: 'automatic', importSource: 'preact' } },
  build: {
    target: ['chrome109', 'firefox115', 'safari16'],
    // Inlined files would need `data:` in the Content-Security-Policy.
    assetsInlineLimit: 0,
    modulePreload: { polyfill: false },
    reportCompressedSize: false,
    rolldownOptions: {
      input: ['index.html', 'dashboard.html', 'admin.html', 'docs.html'].map((page) =>
        join(root, page),
      ),
    },
  },
  server: {
    proxy: Object.fromEntries(
      ['/api', '/v1', '/openapi.json', '/health', '/ready', '/current-key', '/rotate-key'].map(
        (path) => [path, process.env.KEYTURN_URL ?? 'http://127.0.0.1:3000'],
      ),
    ),
  },
});
