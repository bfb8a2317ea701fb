import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Launched, launch } from './launch.ts';

/** The lab in a process of its own. */
export type LaunchedLab = {
  /** What a gateway takes as its provider's base URL. */
  readonly url: string;
  /** Where its control routes are. */
  readonly control: string;
  stop(): Promise<void>;
};

/** The built server in a process of its own. */
export type LaunchedServer = Launched & { readonly url: string; readonly key: string };

const ADMIN_SECRET = 'the-admin-secret-of-the-stage';

/** Starts `lab.js` of this folder on a free port. */
export async function launchLab(dist: string, args: readonly string[] = []): Promise<LaunchedLab> {
  const lab = launch(join(dist, 'lab.js'), ['--port', '0', ...args]);
  const [, url = ''] = await lab.says(/plays Groq at (\S+)/);
  return { url, control: url.replace('/openai/v1', '/__lab'), stop: lab.stop };
}

/** Starts `main.js` of this folder on a free port, with a data directory of its own. */
export async function launchServer(
  dist: string,
  settings: Readonly<Record<string, string>>,
): Promise<LaunchedServer> {
  const dataDir = await mkdtemp(join(tmpdir(), 'keyturn-stage-'));
  const fixed = { HOST: '127.0.0.1', PORT: '0', DATA_DIR: dataDir, ADMIN_SECRET };
  const server = launch(join(dist, 'main.js'), [], { ...fixed, ...settings });
  const [, port] = await server.says(/"port":(\d+)/);
  const url = `http://127.0.0.1:${port}`;
  const answer = await fetch(`${url}/current-key`, { headers: { 'admin-secret': ADMIN_SECRET } });
  const { api_key: key } = (await answer.json()) as { api_key: string };
  return {
    ...server,
    url,
    key,
    stop: async () => {
      await server.stop();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}
