import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { startServer } from '../../support/server.ts';

test.runIf(existsSync('/proc/self/task'))(
  'what evaluates lets everybody else have the CPU first, and what hears of a cancel does not',
  async () => {
    const server = await startServer();
    const headers = { 'x-api-key': await server.key(), 'content-type': 'application/json' };
    const body = JSON.stringify({ prompt: 'Count from one to a hundred. '.repeat(20) });
    const answer = await fetch(`${server.url}/local-chat`, { method: 'POST', headers, body });
    expect(answer.status).toBe(200);
    await answer.arrayBuffer();
    const health = await fetch(`${server.url}/health`);
    const { local } = (await health.json()) as { local: { pid: number } };
    const threads = threadsOf(local.pid);
    await server.stop();

    const main = threads.find(({ id }) => id === local.pid);
    const [busiest] = threads
      .filter(({ id }) => id !== local.pid)
      .sort((one, other) => other.nanoseconds - one.nanoseconds);
    expect(main?.nice).toBe(0);
    expect(busiest?.nice).toBe(19);
  },
);

/** The threads of a process, how nice they are, and what they have worked. */
function threadsOf(pid: number) {
  return readdirSync(`/proc/${pid}/task`).map((id) => {
    const read = (file: string) => readFileSync(`/proc/${pid}/task/${id}/${file}`, 'utf8');
    // Behind the name, which may hold blanks, the process's state is the third field.
    const [, fields = ''] = read('stat').split(') ');
    return {
      id: Number(id),
      nice: Number(fields.split(' ')[16]),
      nanoseconds: Number(read('schedstat').split(' ')[0]),
    };
  });
}
