import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from 'vitest';
import { breaking, dripping, type FileServer, fileServer } from '../support/file-server.ts';
import { writeGguf } from '../support/gguf-writer.ts';
import { scratchFolder } from '../support/scratch.ts';
import { hasTerminal, inTerminal, runCli } from './run-cli.ts';

const NAME = `pulled-by-a-test-${process.pid}`;
const file = fileURLToPath(new URL(`../../models/${NAME}.gguf`, import.meta.url));
const left = () => [file, `${file}.part`, `${file}.part.json`].filter(existsSync);
const scratch = scratchFolder();
let content: Buffer;
let sha256: string;
let shop: FileServer;
let source: string;

beforeAll(() => {
  writeGguf(scratch.path('source.gguf'));
  content = readFileSync(scratch.path('source.gguf'));
  sha256 = createHash('sha256').update(content).digest('hex');
});
beforeEach(async () => {
  shop = await fileServer(content);
  source = `${shop.url}/${NAME}.gguf`;
});
afterEach(async () => {
  await shop.close();
  for (const path of left()) rmSync(path);
});
afterAll(() => scratch.remove());

const pull = (options: string[] = [], settings: Record<string, string> = {}) =>
  runCli(['model', 'pull', source, ...options], settings);

describe('keyturn model pull', () => {
  test('brings a model whole, with plain lines of progress, and says how to use it', async () => {
    const { code, stdout, stderr } = await pull(['--sha256', sha256.toUpperCase()]);
    expect(code).toBe(0);
    expect(stdout).toMatch(
      new RegExp(`^${NAME}: ${content.length} bytes, SHA-256 ${sha256}\nIt takes \\d+ MB`),
    );
    expect(stdout).toMatch(new RegExp(`\nUse it: keyturn model use ${NAME}\n$`));
    expect(stderr).toMatch(/^100 % {2}0\.\d of 0\.\d MB {2}\d+\.\d MB\/s$/m);
    expect(left()).toEqual([file]);
    expect(readFileSync(file).equals(content)).toBe(true);
    expect((await pull()).stdout).toBe(`${NAME} is there already.\n`);
    expect(shop.asked).toHaveLength(1);
  });

  test('goes on where the connection broke', async () => {
    shop.next(breaking(content, 50_000, `${file}.part`));
    expect((await pull(['--sha256', sha256])).code).toBe(0);
    expect(shop.asked).toEqual([undefined, 'bytes=50000-']);
    expect(readFileSync(file).equals(content)).toBe(true);
  });

  test.each([
    ['a wrong hash', ['--sha256', 'f'.repeat(64)], /SHA-256 differs\. It was removed\.\n$/],
    ['a wrong size', ['--bytes', '5'], /has \d+ bytes there, and should have 5\.\n$/],
  ])('refuses %s and leaves nothing', async (_name, options, sentence) => {
    const { code, stdout, stderr } = await pull(options);
    expect([code, stdout, left()]).toEqual([1, '', []]);
    expect(stderr).toMatch(sentence);
  });

  test('says in one line that there is no such file', async () => {
    shop.next((_request, response) => response.writeHead(404).end());
    const { code, stderr } = await pull();
    expect([code, left()]).toEqual([1, []]);
    expect(stderr).toBe('keyturn: The server answered 404: there is no such file.\n');
  });

  test('warns of too little memory before anything comes', async () => {
    const { code, stderr } = await pull([], { LOCAL_MEMORY_MB: '100' });
    expect(code).toBe(0);
    expect(stderr).toMatch(/^keyturn: .* there is room for 25 MB here\. It will not load\..*\n/);
  });

  test.runIf(hasTerminal)('shows a bar, stops on Ctrl-C, and goes on from there', async () => {
    shop.next(dripping(content, 50_000));
    source = `${source}?signature=not-for-the-disk`;
    const session = inTerminal(['model', 'pull', source], {});
    await session.until(/█+░+ [1-9]\d? % .* MB\/s {2}\d+ s left/);
    session.type('\u0003');
    await session.until(/Stopped\. The same command goes on from here\./);
    expect(await session.ended()).toBe(130);
    expect(left()).toEqual([`${file}.part`, `${file}.part.json`]);
    expect(readFileSync(`${file}.part.json`, 'utf8')).not.toContain('not-for-the-disk');
    expect((await pull(['--sha256', sha256])).code).toBe(0);
    expect(shop.asked.at(-1)).toMatch(/^bytes=[1-9]\d*-$/);
  });

  test.runIf(hasTerminal)('goes through HTTPS_PROXY', async () => {
    const proxy = createServer().listen(0, '127.0.0.1');
    await once(proxy, 'listening');
    const { port } = proxy.address() as AddressInfo;
    const connected = once(proxy, 'connect');
    const session = inTerminal(['model', 'pull', `https://models.example/${NAME}.gguf`], {
      HTTPS_PROXY: `http://127.0.0.1:${port}`,
    });
    const [{ url }, socket] = await connected;
    session.type('\u0003');
    expect(await session.ended()).toBe(130);
    socket.destroy();
    proxy.close();
    expect(url).toBe('models.example:443');
  });
});
