import { once } from 'node:events';
import { mkdir, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { startLab } from '../../tools/lab/lab.ts';
import type { Lab } from '../../tools/lab/lab-contract.ts';
import { scratchFolder } from '../support/scratch.ts';
import { startServer } from '../support/server.ts';
import { runCli } from './run-cli.ts';

type Finding = { kind: string; about: string; found: string; mend?: string };

describe('keyturn doctor', () => {
  let lab: Lab;
  let settings: Record<string, string>;
  const scratch = scratchFolder();

  beforeAll(async () => {
    lab = await startLab({ keys: ['gsk_good'] });
    settings = {
      GROQ_BASE_URL: lab.url,
      GROQ_API_KEY: 'gsk_good',
      DATA_DIR: scratch.path('data'),
      HOST: '127.0.0.1',
      PORT: '0',
    };
  });
  afterAll(async () => {
    await lab.close();
    scratch.remove();
  });

  async function findings(extra: Record<string, string> = {}): Promise<Map<string, Finding>> {
    const { stdout } = await runCli(['doctor', '--json'], { ...settings, ...extra });
    return new Map((JSON.parse(stdout) as Finding[]).map((each) => [each.about, each]));
  }

  test('finds a machine on which all is well, and ends with 0', async () => {
    const { code, stdout } = await runCli(['doctor'], settings);
    expect(stdout.match(/^✓ \S+/gm)).toEqual([
      '✓ node',
      '✓ settings',
      '✓ store',
      '✓ groq',
      '✓ models',
      '✓ clock',
      '✓ local',
      '✓ memory',
      '✓ port',
    ]);
    expect(code).toBe(0);
  });

  test('names every wrong setting', async () => {
    const found = await findings({ LOCAL_QUEUE: 'many', RETRY_ATTEMPTS: '0' });
    expect(found.get('settings')).toMatchObject({ kind: 'failure' });
    expect(found.get('settings')?.found).toMatch(
      /LOCAL_QUEUE[\s\S]*RETRY_ATTEMPTS|RETRY_ATTEMPTS[\s\S]*LOCAL_QUEUE/,
    );
  });

  test('finds a key that Groq refuses, and never shows it whole', async () => {
    const { code, stdout } = await runCli(['doctor'], { ...settings, GROQ_API_KEY: 'gsk_bad_key' });
    expect(stdout).toMatch(/✗ groq key …_key +Groq refuses it \(401\)\n +→ Make a new key/);
    expect(stdout).not.toContain('gsk_bad_key');
    expect(code).toBe(1);
  });

  test('finds a cloud that is out of reach', async () => {
    const found = await findings({ GROQ_BASE_URL: lab.unreachable.refused });
    expect(found.get('groq key …good')?.found).toMatch(/can't be reached \(ECONNREFUSED\)/);
  });

  test('looks through the proxy that the server uses', async () => {
    const { hostname, port } = new URL(lab.url);
    const proxy = createServer().listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    proxy.on('connect', (_request, socket: Socket) => {
      const through = connect(Number(port), hostname, () => {
        socket.write('HTTP/1.1 200 Connection established\r\n\r\n');
        through.pipe(socket).pipe(through);
      });
    });
    const found = await findings({
      GROQ_BASE_URL: 'http://groq.invalid/openai/v1',
      HTTPS_PROXY: `http://127.0.0.1:${portOf(proxy)}`,
    });
    proxy.close();
    expect(found.get('groq key …good')).toMatchObject({ kind: 'fine' });
  });

  test('finds an address that is not Groq’s, and goes on', async () => {
    const page = createServer((_request, response) => response.end('<html>')).listen(0);
    await once(page, 'listening');
    const found = await findings({ GROQ_BASE_URL: `http://127.0.0.1:${portOf(page)}` });
    page.close();
    expect(found.get('groq key …good')).toMatchObject({
      kind: 'failure',
      mend: 'Check GROQ_BASE_URL.',
    });
    expect(found.get('port')).toBeDefined();
  });

  test('finds models that Groq does not list', async () => {
    const found = await findings({ GROQ_MODEL: 'openai/gone' });
    expect(found.get('models')).toMatchObject({
      kind: 'failure',
      found: "Groq doesn't list openai/gone",
    });
  });

  test('finds a missing, a broken and a too large local model', async () => {
    await writeFile(scratch.path('broken.gguf'), 'nothing of the kind');
    const missing = await findings({ LOCAL_MODEL: scratch.path('none') });
    const broken = await findings({ LOCAL_MODEL: scratch.path('broken') });
    const large = await findings({ LOCAL_MEMORY_MB: '80' });
    expect(missing.get('local model')?.found).toMatch(/missing/);
    expect(broken.get('local model')?.found).toMatch(/can't be used/);
    expect(large.get('local model')?.found).toMatch(/needs at least \d+ MB/);
    expect(large.get('memory')?.kind).toBe('warning');
  });

  test('takes memory in which server and embedded model fit for enough', async () => {
    const enough = await findings({ LOCAL_MEMORY_MB: '170' });
    expect(enough.get('local model')?.kind).toBe('fine');
    expect(enough.get('memory')?.kind).toBe('fine');
    const little = await findings({ LOCAL_MEMORY_MB: '150' });
    expect(little.get('local model')?.kind).toBe('failure');
    expect(little.get('memory')).toMatchObject({
      kind: 'warning',
      mend: expect.stringContaining('160 MB together'),
    });
  });

  test('finds a torn store', async () => {
    const server = await startServer({ DATA_DIR: scratch.path('torn') });
    await server.stop();
    await writeFile(scratch.path('torn/db.json'), '{"key": "sk-', { mode: 0o600 });
    const found = await findings({ DATA_DIR: scratch.path('torn') });
    expect(found.get('store')).toMatchObject({ kind: 'failure' });
    expect(found.get('store')?.found).not.toContain('sk-');
  });

  test('tells a folder that can be made from one that nobody can make', async () => {
    await writeFile(scratch.path('file'), '');
    const store = async (folder: string) => (await findings({ DATA_DIR: folder })).get('store');
    expect(await store(scratch.path('not/yet'))).toMatchObject({
      kind: 'fine',
      found: expect.stringContaining('will be made at the first start'),
    });
    expect(await store(scratch.path('file/below'))).toMatchObject({
      kind: 'failure',
      mend: expect.stringContaining('set DATA_DIR'),
    });
  });

  // Root may write everywhere.
  test.skipIf(process.getuid?.() === 0)('finds a folder that this user can not make', async () => {
    await mkdir(scratch.path('closed'), { mode: 0o500 });
    const found = await findings({ DATA_DIR: scratch.path('closed/below/it') });
    expect(found.get('store')).toMatchObject({
      kind: 'failure',
      found: expect.stringContaining('EACCES'),
    });
  });

  test('warns of an admin secret that could be guessed', async () => {
    const found = await findings({ ADMIN_SECRET: 'fifteen-letters' });
    expect(found.get('settings')).toMatchObject({
      kind: 'warning',
      mend: expect.stringContaining('16 characters'),
    });
  });

  test('tells a keyturn on the port from another program', async () => {
    const other = createServer((_request, response) => response.end('{}'));
    const server = await startServer({ DATA_DIR: scratch.path('running') });
    other.listen(0, '127.0.0.1');
    await once(other, 'listening');
    const taken = await findings({ PORT: portOf(other) });
    const ours = await findings({ PORT: new URL(server.url).port });
    other.close();
    await server.stop();
    expect(taken.get('port')).toMatchObject({ kind: 'failure' });
    expect(ours.get('port')?.found).toMatch(/^keyturn \d+\.\d+\.\d+ runs on/);
  });

  test('finds a clock that is off', async () => {
    const ahead = createServer((_request, response) => {
      response.setHeader('date', new Date(Date.now() + 3_600_000).toUTCString());
      response.end('{"data":[]}');
    }).listen(0, '127.0.0.1');
    await once(ahead, 'listening');
    const found = await findings({ GROQ_BASE_URL: `http://127.0.0.1:${portOf(ahead)}` });
    ahead.close();
    expect(found.get('clock')?.found).toMatch(/^3[56]\d\d s behind Groq$/);
  });
});

function portOf(server: Server): string {
  return String((server.address() as AddressInfo).port);
}
