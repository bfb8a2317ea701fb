import { execFile } from 'node:child_process';
import { readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';

const run = promisify(execFile);
const root = fileURLToPath(new URL('../..', import.meta.url));
const pages = [
  'README.md',
  ...readdirSync(`${root}docs`)
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
];

/**
 * Every JavaScript example of README and docs that is a client's, run as it stands against the server.
 */
export function snippetChecks({ url, key }) {
  const checks = {};
  for (const page of pages) {
    const text = readFileSync(root + page, 'utf8');
    for (const { 1: code, index } of text.matchAll(/^```js\n([\s\S]*?)^```$/gm)) {
      // What a receiver of the webhook does: test/docs/webhook.test.ts.
      if (!code.includes('https://your-host')) continue;
      const line = text.slice(0, index).split('\n').length;
      checks[`${page}, line ${line}`] = () => runSnippet(code, url, key);
    }
  }
  return checks;
}

/** In a file of its own here, where the packages are. */
async function runSnippet(code, url, key) {
  const file = fileURLToPath(new URL(`snippet-${process.pid}.mjs`, import.meta.url));
  const here = code.replaceAll('https://your-host', url);
  writeFileSync(file, `const KEY = process.env.KEY;\n${here}`);
  try {
    await run(process.execPath, [file], { env: { PATH: process.env.PATH, KEY: key } });
  } finally {
    rmSync(file);
  }
}
