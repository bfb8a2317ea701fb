import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startServer, type TestServer } from '../support/server.ts';

const LIMIT = 120 * 1024;

let server: TestServer;
beforeAll(async () => {
  server = await startServer();
});
afterAll(() => server.stop());

const PAGES = ['/', '/dashboard', '/admin', '/docs'];

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(server.url + path, { headers });

/** Addresses of everything that a page's HTML loads. */
async function assetsOf(page: string): Promise<string[]> {
  const html = await (await get(page)).text();
  return [...html.matchAll(/(?:href|src)="(\/[^"]+)"/g)].map(([, path = '']) => path);
}

describe('what travels', () => {
  it('weighs less than 120 KB gzipped, all pages and everything that they may ever load', async () => {
    const folder = join(import.meta.dirname, '..', '..', 'dist', 'ui');
    const names = await readdir(folder, { recursive: true });
    const files = names.filter((name) => /\.(html|js|css|svg|webmanifest)$/.test(name));
    expect(files.length).toBeGreaterThan(5);
    let total = 0;
    for (const name of files) {
      total += gzipSync(await readFile(join(folder, name)), { level: 9 }).length;
    }
    expect(total).toBeLessThan(LIMIT);
  });

  it.each(PAGES)('%s loads nothing from elsewhere and runs nothing inline', async (page) => {
    const html = await (await get(page)).text();
    expect(html).not.toMatch(/https?:\/\//);
    expect(html).not.toMatch(/<style|style=|<script(?![^>]*src=)/);
    expect(await assetsOf(page)).not.toHaveLength(0);
  });
});

describe('a page', () => {
  it.each(PAGES)('%s is asked for anew and sent only when it has changed', async (page) => {
    const answer = await get(page);
    expect(answer.status).toBe(200);
    expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8');
    expect(answer.headers.get('cache-control')).toBe('no-cache');
    const etag = answer.headers.get('etag') ?? '';
    const again = await get(page, { 'if-none-match': etag, 'cache-control': 'max-age=0' });
    expect([again.status, await again.text()]).toEqual([304, '']);
  });

  it.each(PAGES)('%s lets only the own files run, and nothing inline', async (page) => {
    const { headers } = await get(page);
    const policy = headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("require-trusted-types-for 'script'");
    expect(policy).not.toContain('unsafe');
    expect(headers.get('x-content-type-options')).toBe('nosniff');
    expect(headers.get('referrer-policy')).toBe('no-referrer');
  });

  it('has no body for HEAD', async () => {
    const answer = await fetch(`${server.url}/`, { method: 'HEAD' });
    expect([answer.status, await answer.text()]).toEqual([200, '']);
  });
});

describe('an asset', () => {
  it('may be kept for ever', async () => {
    for (const path of await assetsOf('/')) {
      const { status, headers } = await get(path);
      expect([path, status]).toEqual([path, 200]);
      expect(headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
      expect(headers.get('etag')).toMatch(/^"[\w-]+"$/);
    }
  });

  it.each([
    ['gzip, deflate, br, zstd', 'br'],
    ['gzip', 'gzip'],
    ['identity', null],
    ['br;q=0, gzip', 'gzip'],
  ])('travels in the smallest form that "%s" allows', async (accepted, sent) => {
    const [path = ''] = (await assetsOf('/')).filter((each) => each.endsWith('.js'));
    const plain = await (await get(path, { 'accept-encoding': 'identity' })).text();
    const answer = await get(path, { 'accept-encoding': accepted });
    expect(answer.headers.get('content-encoding')).toBe(sent);
    expect(answer.headers.get('vary')).toContain('accept-encoding');
    expect(await answer.text()).toBe(plain);
  });

  it.each([
    '/assets/nothing.js',
    '/assets/..%2findex.html',
    '/assets/..%2f..%2fmain.js',
    '/assets/%2e%2e%2fbuilt-from',
    '/assets/built-from',
    '/built-from',
  ])('%s is not one', async (path) => {
    const answer = await get(path);
    expect(answer.status).toBe(404);
    expect(await answer.json()).toMatchObject({ error: { code: 'not_found' } });
  });
});
