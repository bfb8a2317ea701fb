import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';

const built = fileURLToPath(new URL('../../dist/lab.js', import.meta.url));

test('a lab whose callers hang up in the very moment of its end ends all the same', async () => {
  const lab = spawn(process.execPath, [built, '--port', '0'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const exit = once(lab, 'exit');
  const [greeting] = await once(lab.stdout.setEncoding('utf8'), 'data');
  const { hostname, port } = new URL(/Groq at (\S+)/.exec(greeting)?.[1] ?? '');
  const callers = Array.from({ length: 20 }, () => connect(Number(port), hostname));
  await Promise.all(callers.map((caller) => once(caller, 'connect')));
  // What happens while it stands still, it hears all at once.
  lab.kill('SIGSTOP');
  for (const caller of callers) caller.on('error', () => {}).end();
  lab.kill('SIGTERM');
  lab.kill('SIGCONT');
  try {
    expect(await Promise.race([exit, late()])).toEqual([0, null]);
  } finally {
    lab.kill('SIGKILL');
    for (const caller of callers) caller.destroy();
  }
});

const late = () =>
  new Promise((resolve) => {
    setTimeout(resolve, 5_000, 'still there after five seconds').unref();
  });
