import { expect, onTestFinished, test, vi } from 'vitest';
import { startLab } from '../../tools/lab/lab.ts';
import { endingOf, errorIn } from '../support/answer.ts';
import { type Cloud, startCloud } from '../support/cloud.ts';

const hello = { messages: [{ role: 'user', content: 'Hello' }] };
const MAIN = 'groq/openai/gpt-oss-120b';

/** Settings under which the provider can't be reached, by what goes wrong. */
const UNREACHABLE: Record<string, (lab: Cloud['lab']) => Record<string, string>> = {
  'no such host': ({ unreachable }) => ({ GROQ_BASE_URL: unreachable.dns }),
  'a refused connection': ({ unreachable }) => ({ GROQ_BASE_URL: unreachable.refused }),
  'no TLS where TLS should be': ({ unreachable }) => ({ GROQ_BASE_URL: unreachable.tls }),
  'a proxy that answers 407 to CONNECT': ({ url }) => ({
    GROQ_BASE_URL: 'https://api.groq.invalid/openai/v1',
    HTTPS_PROXY: new URL(url).origin,
  }),
  'a proxy that nobody runs': ({ unreachable }) => ({
    GROQ_BASE_URL: 'https://api.groq.invalid/openai/v1',
    HTTPS_PROXY: new URL(unreachable.refused).origin,
  }),
};

test.concurrent.for(Object.keys(UNREACHABLE))(
  '%s is noticed at once',
  async (what, { onTestFinished }) => {
    const lab = await startLab();
    onTestFinished(lab.close);
    const cloud = await startCloud({ LOCAL_MODEL: 'none', ...UNREACHABLE[what]?.(lab) });
    onTestFinished(cloud.stop);
    for (const send of [cloud.ask, cloud.stream]) {
      const answer = await send(hello);
      expect(answer.status).toBe(503);
      expect(errorIn(answer)?.code).toBe('provider_unavailable');
      expect(answer.headers.get('x-fallback-trail')).toBe(`${MAIN}:connect`);
      expect(answer.tookMs).toBeLessThan(2500);
      expect(answer.text).not.toMatch(/groq\.invalid|127\.0\.0\.1|ECONN|ENOTFOUND|SSL/);
    }
    // The operator is told which of them it is.
    expect(cloud.server.output()).toMatch(/"cause":"connect","reason":"(E[A-Z_]+|UND_ERR_[A-Z]+)"/);
    // A request's own line is written when its connection is done with it.
    await vi.waitFor(() =>
      expect(cloud.server.output()).toContain('"error":"provider_unavailable"'),
    );
  },
);

test('a 407 instead of an answer counts as unreachable, and the local model answers', async () => {
  const cloud = await startCloud();
  onTestFinished(cloud.stop);
  cloud.lab.script('*', ['407']);
  const answer = await cloud.stream(hello);
  expect(endingOf(answer)).toBe('whole');
  expect(answer.headers.get('x-fallback-trail')).toBe(`${MAIN}:connect, local/lifeboat`);
  expect(cloud.lab.attempts).toHaveLength(1);
});

test('an address without such an API is the operator’s affair: the caller reads no 404', async () => {
  const lab = await startLab();
  onTestFinished(lab.close);
  const cloud = await startCloud({ LOCAL_MODEL: 'none', GROQ_BASE_URL: `${lab.url}/nowhere` });
  onTestFinished(cloud.stop);
  const answer = await cloud.ask(hello);
  expect(answer.status).toBe(503);
  expect(answer.headers.get('x-fallback-trail')).toBe(`${MAIN}:404, groq/openai/gpt-oss-20b:404`);
  expect(lab.attempts).toHaveLength(2);
});

test('bytes that are no HTTP are tried again, then passed by', async () => {
  const cloud = await startCloud({ LOCAL_MODEL: 'none' });
  onTestFinished(cloud.stop);
  const answer = await cloud.ask({ model: 'lab/not-http' });
  expect(answer.headers.get('x-fallback-trail')).toBe(`groq/lab/not-http:connect, ${MAIN}`);
  expect(cloud.attempts('lab/not-http')).toHaveLength(3);
});

test('a provider that comes back on its old address is asked again', async () => {
  const cloud = await startCloud({ LOCAL_MODEL: 'none' });
  onTestFinished(cloud.stop);
  await cloud.ask(hello);
  await cloud.lab.unplug();
  const meanwhile = await cloud.ask(hello);
  expect(meanwhile.status).toBe(503);
  await cloud.lab.plug();
  const after = await cloud.ask(hello);
  expect(after.headers.get('x-served-by')).toBe(MAIN);
});
