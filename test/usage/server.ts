import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type UsageReport, usageReportSchema } from '../../src/http/reports/usage-schema.ts';
import { startLab } from '../../tools/lab/lab.ts';
import { startServer, type TestServer } from '../support/server.ts';

export const MODEL = 'openai/gpt-oss-120b';
export const SMALL = 'openai/gpt-oss-20b';

/** A server with a caller that knows its key. */
export type Booted = {
  readonly server: TestServer;
  ask(body?: object, headers?: Record<string, string>, path?: string): Promise<Response>;
  get(path: string): Promise<Response>;
  usage(): Promise<UsageReport>;
};

/** A lab, and servers in front of it that share one data directory. */
export async function labAndServers(labOptions: Parameters<typeof startLab>[0] = {}) {
  const lab = await startLab({ answerTokens: 20, ...labOptions });
  const dataDir = await mkdtemp(join(tmpdir(), 'keyturn-usage-'));
  const open: TestServer[] = [];

  async function boot(settings: Record<string, string> = {}): Promise<Booted> {
    const server = await startServer({
      GROQ_API_KEY: 'gsk_secret_of_the_ledger',
      GROQ_BASE_URL: lab.url,
      DATA_DIR: dataDir,
      ...settings,
    });
    open.push(server);
    const headers = { 'x-api-key': await server.key(), 'content-type': 'application/json' };
    const get = (path: string) => fetch(server.url + path, { headers });
    return {
      server,
      get,
      ask: (body = {}, more = {}, path = '/v1/chat/completions') =>
        fetch(server.url + path, {
          method: 'POST',
          headers: { ...headers, ...more },
          body: JSON.stringify({
            messages: [{ role: 'user', content: 'A deep secret.' }],
            ...body,
          }),
        }),
      usage: async () => usageReportSchema.parse(await (await get('/api/usage')).json()),
    };
  }

  return {
    lab,
    dataDir,
    boot,
    stop: async () => {
      await Promise.all(open.map((server) => server.stop('SIGKILL')));
      await lab.close();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Asks again until the answer fits; the test's own time limit ends it. */
export async function eventually<T>(
  look: () => Promise<T>,
  fits: (value: T) => boolean,
): Promise<T> {
  for (;;) {
    const value = await look();
    if (fits(value)) return value;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}
