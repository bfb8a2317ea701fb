import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { systemClock } from '../../../src/core/clock.ts';
import { findModel, readCatalog } from '../../../src/providers/local/catalog/catalog.ts';
import type { Progress } from '../../../src/providers/local/catalog/progress.ts';
import { pull } from '../../../src/providers/local/catalog/pull.ts';
import { writeGguf } from '../../support/gguf-writer.ts';
import { scratchFolder } from '../../support/scratch.ts';

const scratch = scratchFolder();
writeGguf(scratch.path('source.gguf'));
const content = readFileSync(scratch.path('source.gguf'));
const sha256 = createHash('sha256').update(content).digest('hex');
afterAll(() => scratch.remove());

type Handler = (request: IncomingMessage, response: ServerResponse) => void;

/** Serves what is missing of the file, as its range headers ask. */
function serve(request: IncomingMessage, response: ServerResponse, tag = '"one"'): void {
  const from = Number(/^bytes=(\d+)-$/.exec(request.headers.range ?? '')?.[1] ?? 0);
  const same = request.headers['if-range'] === undefined || request.headers['if-range'] === tag;
  const start = same ? from : 0;
  if (start >= content.length) {
    response.writeHead(416, { 'content-range': `bytes */${content.length}` }).end();
    return;
  }
  response.writeHead(start > 0 ? 206 : 200, {
    etag: tag,
    'content-length': content.length - start,
    ...(start > 0
      ? { 'content-range': `bytes ${start}-${content.length - 1}/${content.length}` }
      : {}),
  });
  response.write(content.subarray(start, start + 40_000));
  setImmediate(() => response.end(content.subarray(start + 40_000)));
}

/** Where the download under test goes. */
let path: string;

/** Resolves when so many bytes of the file have been stored. */
async function stored(bytes: number): Promise<void> {
  const size = () => statSync(`${path}.part`, { throwIfNoEntry: false })?.size ?? 0;
  await vi.waitUntil(() => size() >= bytes, { timeout: 10_000, interval: 5 });
}

/** Breaks the connection when so many more bytes of the file have been stored. */
function breakAfter(bytes: number): Handler {
  return (request, response) => {
    const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
    response.writeHead(from > 0 ? 206 : 200, {
      etag: '"one"',
      'content-length': content.length - from,
      'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
    });
    response.write(content.subarray(from, from + bytes));
    const watch = setInterval(() => {
      if ((statSync(`${path}.part`, { throwIfNoEntry: false })?.size ?? 0) < from + bytes) return;
      clearInterval(watch);
      response.destroy();
    }, 5);
  };
}

describe('a download', () => {
  let server: Server;
  let handlers: Handler[];
  let asked: (string | undefined)[];
  let url: string;
  let number = 0;

  beforeEach(async () => {
    handlers = [];
    asked = [];
    number += 1;
    path = scratch.path(`pulled-${number}.gguf`);
    server = createServer((request, response) => {
      asked.push(request.headers.range);
      (handlers.shift() ?? serve)(request, response);
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    // A listening TCP server has an address with a port.
    url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/model.gguf`;
  });
  afterEach(() => new Promise((resolve) => server.close(resolve)));

  function get(more: Partial<Parameters<typeof pull>[0]> = {}) {
    return pull({
      url,
      path,
      onProgress: () => {},
      signal: new AbortController().signal,
      clock: systemClock,
      pauseMs: 5,
      ...more,
    });
  }

  it('arrives whole, with progress, and is renamed at the end', async () => {
    const seen: Progress[] = [];
    const onProgress = (progress: Progress) => seen.push(progress);
    expect(await get({ onProgress, sha256, bytes: content.length })).toEqual({
      bytes: content.length,
      sha256,
    });
    expect(readFileSync(path)).toEqual(content);
    expect(existsSync(`${path}.part`) || existsSync(`${path}.part.json`)).toBe(false);
    expect(seen.at(-1)).toMatchObject({ doneBytes: content.length, totalBytes: content.length });
  });

  it('is taken up where it broke off, again and again', async () => {
    handlers = [breakAfter(50_000), breakAfter(30_000), breakAfter(10)];
    await get({ sha256 });
    expect(asked).toEqual([undefined, 'bytes=50000-', 'bytes=80000-', 'bytes=80010-']);
    expect(readFileSync(path)).toEqual(content);
  });

  it.each([
    ['is taken up by the next command', '', /^bytes=[1-9]/],
    ['begins anew from another address', '?other', /^from the start$/],
  ])('%s', async (_what, more, range) => {
    const controller = new AbortController();
    const stop = new Error('stopped');
    handlers = [breakAfter(50_000)];
    const first = get({
      signal: controller.signal,
      onProgress: ({ doneBytes }) => doneBytes >= 50_000 && controller.abort(stop),
    });
    await expect(first).rejects.toBe(stop);
    expect(existsSync(path)).toBe(false);
    await get({ sha256, url: url + more });
    expect(asked.at(-1) ?? 'from the start').toMatch(range);
    expect(readFileSync(path)).toEqual(content);
  });

  it('begins anew when the file is another one now', async () => {
    handlers = [breakAfter(50_000), (request, response) => serve(request, response, '"two"')];
    await get({ sha256 });
    expect(readFileSync(path)).toEqual(content);
  });

  it('waits out a server that is away for a moment, and gives up in the end', async () => {
    const away: Handler = (_request, response) => response.writeHead(503).end();
    handlers = [away, away];
    await get({ sha256 });
    handlers = Array.from({ length: 9 }, () => away);
    await expect(get({ attempts: 3, path: `${path}.other` })).rejects.toThrow('503');
    expect(handlers).toHaveLength(6);
  });

  it.each([
    [404, 'no such file'],
    [403, 'licence'],
  ])('that can never succeed fails at once: %d', async (status, sentence) => {
    handlers = [(_request, response) => response.writeHead(status).end()];
    await expect(get()).rejects.toThrow(sentence);
    expect(asked).toHaveLength(1);
  });

  it('is whole also when two fetch the same file at once', async () => {
    const halves: Handler = (request, response) => {
      const from = Number(/\d+/.exec(request.headers.range ?? '')?.[0] ?? 0);
      response.writeHead(from > 0 ? 206 : 200, {
        etag: '"one"',
        'content-length': content.length - from,
        'content-range': `bytes ${from}-${content.length - 1}/${content.length}`,
      });
      response.write(content.subarray(from, from + 50_000));
      void stored(100_000).then(() => response.end(content.subarray(from + 50_000)));
    };
    handlers = [halves, halves];
    const first = get();
    await stored(50_000);
    await Promise.all([first, get()]);
    expect(asked).toEqual([undefined, 'bytes=50000-']);
    expect(readFileSync(path)).toEqual(content);
  });

  it('says that it broke off where a server promises more than it has', async () => {
    const liar: Handler = (_request, response) => {
      response.writeHead(200, { 'content-length': content.length + 10 });
      response.write(content);
      setTimeout(() => response.destroy(), 50);
    };
    handlers = [liar, liar, liar, liar];
    await expect(get({ attempts: 2 })).rejects.toThrow('broke off');
  });

  it('is never packed, or its places and its size would be others', async () => {
    let accepted: string | undefined;
    handlers = [
      (request, response) => {
        accepted = request.headers['accept-encoding'];
        serve(request, response);
      },
    ];
    await get({ sha256 });
    expect(accepted).toBe('identity');
  });

  it('of the wrong size is refused before it begins', async () => {
    await expect(get({ bytes: 5 })).rejects.toThrow(`has ${content.length} bytes there`);
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
  });

  it('with the wrong hash, or of something else, is removed', async () => {
    await expect(get({ sha256: 'f'.repeat(64) })).rejects.toThrow('SHA-256');
    const page: Handler = (_request, response) => response.end('<html>'.repeat(100));
    handlers = [page];
    await expect(get()).rejects.toThrow('not a GGUF file');
    expect(existsSync(path) || existsSync(`${path}.part`)).toBe(false);
  });
});

describe('the catalogue', () => {
  const catalog = readCatalog();

  it('has distinct names, and a model for every size of host', () => {
    expect(new Set(catalog.map(({ name }) => name)).size).toBe(catalog.length);
    for (const megabytes of [512, 1024, 2048]) {
      expect(catalog.some(({ memoryMegabytes }) => memoryMegabytes < megabytes * 0.85)).toBe(true);
    }
  });

  it('finds a model by name, by its place on Hugging Face, and by address', () => {
    expect(findModel(catalog, 'smollm2-135m')).toMatchObject({
      name: 'smollm2-135m',
      url: expect.stringMatching(/^https:\/\/huggingface\.co\/bartowski\/.*\/resolve\/main\//),
    });
    expect(findModel([], 'hf:me/My-Repo/dir/My Model.gguf')).toMatchObject({
      name: 'my-model',
      url: 'https://huggingface.co/me/My-Repo/resolve/main/dir/My%20Model.gguf',
    });
    expect(findModel([], 'https://example.com/a/B_c.gguf?x=1')).toMatchObject({ name: 'b_c' });
  });

  it.each([
    'nothing',
    'hf:me/repo',
    'http://example.com/a.gguf',
    'https://example.com/a.zip',
    'file:///a.gguf',
  ])('does not know %s', (asked) => expect(findModel(catalog, asked)).toBeUndefined());
});
