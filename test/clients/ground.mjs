import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { fileURLToPath } from 'node:url';

const dist = new URL('../../dist/', import.meta.url);
const secret = 'the-admin-secret-of-the-clients';

/**
 * Starts the built fault lab and the built server in front of it, each in a process of its own, with
 * more settings if wanted.
 */
export async function openGround(more = {}) {
  const lab = await run('lab.js', ['--port', '0', '--speed', '0'], {}, /Groq at (\S+)/);
  const dataDir = await mkdtemp(`${tmpdir()}/keyturn-clients-`);
  const settings = {
    ...{ HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ADMIN_SECRET: secret },
    ...{ GROQ_BASE_URL: lab.found, GROQ_API_KEY: 'gsk_test_of_the_clients' },
    ...{ RETRY_ATTEMPTS: '1', LOCAL_THREADS: '1', SHUTDOWN_GRACE_MS: '500' },
    ...more,
  };
  const server = await run('main.js', [], settings, /"port":(\d+)/);
  const url = `http://127.0.0.1:${server.found}`;
  const current = await fetch(`${url}/current-key`, { headers: { 'admin-secret': secret } });
  const { api_key: key } = await current.json();
  const control = lab.found.replace('/openai/v1', '/__lab');

  return {
    url,
    key,
    /** What the lab says to a prompt, letter by letter. */
    expected: async (prompt) => (await post(`${control}/expected`, { prompt })).text,
    /** How the lab's last attempt for a model ended, once it has. */
    endOf: async (model) => {
      const deadline = Date.now() + 2_000;
      while (Date.now() < deadline) {
        const answer = await fetch(`${control}/attempts?model=${encodeURIComponent(model)}`);
        const { attempts } = await answer.json();
        const end = attempts.at(-1)?.end;
        if (end !== undefined && end !== 'pending') return end;
      }
      return 'pending';
    },
    close: async () => {
      await Promise.all([server.stop(), lab.stop()]);
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

async function post(url, body) {
  const answer = await fetch(url, { method: 'POST', body: JSON.stringify(body) });
  return answer.json();
}

async function run(file, args, environment, pattern) {
  const child = spawn(process.execPath, [fileURLToPath(new URL(file, dist)), ...args], {
    cwd: tmpdir(),
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  process.once('exit', () => child.kill());
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text) => {
    output += text;
  });
  while (!pattern.test(output)) {
    if (child.exitCode !== null) throw new Error(`${file} did not start:\n${output}`);
    await Promise.race([once(child.stdout, 'data'), once(child, 'exit')]);
  }
  const stop = async () => {
    const exit = once(child, 'exit');
    child.kill('SIGTERM');
    await exit;
  };
  return { found: pattern.exec(output)[1], stop };
}
