// WebAssembly is written as text (`src/**/*.wat`) and compiled into a TypeScript module beside it.
//   node tools/check/wasm.mjs          fails where a module isn't what its text makes
//   node tools/check/wasm.mjs write    writes the modules
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import makeWabt from 'wabt';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const wabt = await makeWabt();

for (const path of readdirSync(join(root, 'src'), { recursive: true })) {
  if (!path.endsWith('.wat')) continue;
  const text = join(root, 'src', path);
  const module = text.replace(/\.wat$/, '-wasm.ts');
  const made = moduleOf(text);
  if (process.argv[2] === 'write') writeFileSync(module, made);
  else if (readFileSync(module, 'utf8') !== made) {
    console.error(`src/${path} has changed: run \`npm run format\` to compile it.`);
    process.exitCode = 1;
  }
}

function moduleOf(text) {
  const name = basename(text);
  const parsed = wabt.parseWat(name, readFileSync(text, 'utf8'), { simd: true });
  const code = Buffer.from(parsed.toBinary({}).buffer).toString('base64');
  return `/** ${name}, compiled by \`npm run format\`. */\nexport const WASM =\n  '${code}';\n`;
}
