// `npm run warm`: starts the built server and its local model once, so that Node keeps beside them what it
// compiled (Node 22 and newer). With `NODE_COMPILE_CACHE=dist/compile-cache` every later start takes a seventh
// less. For images and hosts whose files stay as they were built; nobody else may write them.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [cache = join(root, 'dist', 'compile-cache')] = process.argv.slice(2);
const ADMIN_SECRET = 'the-secret-of-a-server-for-nobody';
const data = mkdtempSync(join(tmpdir(), 'keyturn-warm-'));

const server = spawn(process.execPath, [join(root, 'dist', 'main.js')], {
  env: {
    NODE_COMPILE_CACHE: cache,
    NODE_ENV: 'production',
    HOST: '127.0.0.1',
    PORT: '0',
    DATA_DIR: data,
    // What is there with a provider is compiled as well; nobody is asked.
    GROQ_API_KEY: 'gsk_of-nobody',
    GROQ_BASE_URL: 'http://127.0.0.1:9',
    ADMIN_SECRET,
  },
  stdio: ['ignore', 'pipe', 'inherit'],
});
const ended = once(server, 'exit');
try {
  for await (const line of createInterface({ input: server.stdout })) {
    const port = /"port":(\d+)/.exec(line)?.[1];
    if (!port) continue;
    const url = `http://127.0.0.1:${port}`;
    await (await fetch(`${url}/health`)).text();
    await askLocally(url);
    break;
  }
} finally {
  // It keeps what it compiled as it ends.
  server.kill('SIGTERM');
  const [code] = await ended;
  rmSync(data, { recursive: true, force: true });
  process.exitCode = code ?? 1;
}

/** The model's process keeps what it compiled as soon as it is loaded. */
async function askLocally(url) {
  const answer = await fetch(`${url}/current-key`, { headers: { 'admin-secret': ADMIN_SECRET } });
  const { api_key: key } = await answer.json();
  const headers = { 'x-api-key': key, 'content-type': 'application/json' };
  const body = JSON.stringify({ prompt: 'Hello' });
  await (await fetch(`${url}/local-chat`, { method: 'POST', headers, body })).text();
}
