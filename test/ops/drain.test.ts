import { once } from 'node:events';
import { expect, test } from 'vitest';
import { endingOf, hear, streamed } from '../support/answer.ts';
import { PROMPT, startCloud } from '../support/cloud.ts';
import { startServer } from '../support/server.ts';

/** Lets a signal throw inside the server, where nobody expects it. */
const TRAP = "process.on('SIGUSR2', () => { throw new Error('nobody expects this'); });";

test('SIGTERM in the midst of forty streams loses no word of any', async () => {
  const cloud = await startCloud(
    { FIRST_TOKEN_TIMEOUT_MS: '10000', STREAM_IDLE_TIMEOUT_MS: '10000' },
    { answerTokens: 40, gapMs: 10 },
  );
  const callers = Array.from({ length: 40 }, async () => {
    const response = await cloud.open({ stream: true });
    return { head: response.status, answer: hear(response, performance.now()) };
  });
  const begun = await Promise.all(callers);
  cloud.server.child.kill('SIGTERM');
  const answers = await Promise.all(begun.map(({ answer }) => answer));
  for (const answer of answers) {
    expect(endingOf(answer)).toBe('whole');
    expect(streamed(answer)).toBe(cloud.lab.expected(PROMPT));
  }
  if (cloud.server.child.exitCode === null) await once(cloud.server.child, 'exit');
  expect(cloud.server.child.exitCode).toBe(0);
  expect(cloud.server.output().match(/"msg":"request"/g)?.length).toBeGreaterThanOrEqual(40);
  await cloud.stop();
});

test('an error that nobody caught is logged, streams finish, and the exit code says so', async () => {
  const cloud = await startCloud(
    { NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TRAP)}` },
    { answerTokens: 40, gapMs: 10 },
  );
  const stream = await cloud.open({ stream: true });
  cloud.server.child.kill('SIGUSR2');
  const answer = await hear(stream, performance.now());
  expect(endingOf(answer)).toBe('whole');
  if (cloud.server.child.exitCode === null) await once(cloud.server.child, 'exit');
  expect(cloud.server.child.exitCode).toBe(1);
  await expect
    .poll(cloud.server.output)
    .toMatch(/"message":"nobody expects this".*an error that nobody caught/);
  await cloud.stop();
});

test('an error while it shuts down hurries, and the exit code says so', async () => {
  const server = await startServer({
    NODE_OPTIONS: `--import=data:text/javascript,${encodeURIComponent(TRAP)}`,
    LOCAL_THREADS: '1',
  });
  const answer = await fetch(`${server.url}/local-chat`, {
    method: 'POST',
    headers: { 'x-api-key': await server.key(), 'content-type': 'application/json' },
    body: JSON.stringify({ prompt: 'Who are you?', stream: true }),
  });
  server.child.kill('SIGTERM');
  server.child.kill('SIGUSR2');
  await answer.text().catch(() => undefined);
  if (server.child.exitCode === null) await once(server.child, 'exit');
  expect(server.child.exitCode).toBe(1);
  await server.stop();
});
