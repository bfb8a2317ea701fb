import { get } from 'node:http';
import type Router from '@koa/router';
import { Validator } from '@seriousme/openapi-schema-validator';
import { afterAll, expect, test } from 'vitest';
import { type AppOptions, createApp } from '../../src/http/app.ts';
import { startServer } from '../support/server.ts';

type Described = {
  readonly openapi: string;
  readonly info: { readonly version: string };
  readonly paths: Readonly<Record<string, Readonly<Record<string, { operationId: string }>>>>;
};

const server = await startServer();
afterAll(() => server.stop());
const answer = await fetch(`${server.url}/openapi.json`);
const text = await answer.text();
const described: Described = JSON.parse(text);

const operations = Object.entries(described.paths).flatMap(([path, methods]) =>
  Object.keys(methods).map((method) => `${method.toUpperCase()} ${path}`),
);

/** The routes of the real router. Nothing is asked of them, so most options may be missing. */
function routes(): string[] {
  const options = { corsOrigin: '*', metrics: {}, reports: {}, admin: {} } as unknown as AppOptions;
  const { middleware } = createApp(options);
  const [router] = middleware.flatMap((each) => ('router' in each ? [each.router as Router] : []));
  return (router?.stack ?? []).flatMap(({ methods, path }) =>
    methods
      .filter((method) => method !== 'HEAD')
      .map((method) => `${method} ${String(path).replace(/[*:](\w+)/g, '{$1}')}`),
  );
}

test('the description is valid OpenAPI 3.1', async () => {
  const { valid, errors } = await new Validator().validate(JSON.parse(text));
  expect(errors).toBeUndefined();
  expect(valid).toBe(true);
  expect(described.openapi).toMatch(/^3\.1\./);
  expect(described.info.version).toMatch(/^\d+\.\d+\.\d+/);
});

test('every route is described, and nothing else is', () => {
  const known = routes();
  expect(known.length).toBeGreaterThan(30);
  const missing = known.filter((route) => !operations.includes(route));
  expect(missing, 'add these to src/http/openapi/operations/').toEqual([]);
  const gone = operations.filter((route) => !known.includes(route));
  expect(
    gone,
    'the router has none of these: take them out of src/http/openapi/operations/',
  ).toEqual([]);
});

test('operations have names of their own', () => {
  const names = Object.values(described.paths).flatMap((methods) =>
    Object.values(methods).map(({ operationId }) => operationId),
  );
  expect(new Set(names).size).toBe(names.length);
});

test('a page on another origin may read every header that is described, and send every one', async () => {
  const asked = (method: string, path: string) =>
    fetch(server.url + path, {
      method,
      headers: {
        ...{ origin: 'https://page.example', 'access-control-request-method': 'POST' },
        'access-control-request-headers': 'x-api-key',
      },
    });
  const listIn = ({ headers }: Response, name: string) => headers.get(name)?.split(',') ?? [];
  const readable = listIn(await asked('GET', '/health'), 'access-control-expose-headers');
  const sendable = listIn(await asked('OPTIONS', '/chat'), 'access-control-allow-headers');
  const { headers, parameters } = JSON.parse(text).components;
  // A browser takes an etag for itself.
  const answers = Object.keys(headers).filter((name) => name !== 'etag');
  expect(readable.sort()).toEqual(answers.sort());
  const given = Object.values(parameters as Record<string, { in: string; name: string }>);
  const requests = given.filter((each) => each.in === 'header').map(({ name }) => name);
  expect(requests.length).toBeGreaterThan(2);
  expect(sendable).toEqual(expect.arrayContaining([...requests, 'traceparent', 'tracestate']));
});

test('it holds neither references that lead nowhere nor ones that nobody uses', () => {
  const used = new Set([...text.matchAll(/"\$ref":"#\/components\/([^"]+)"/g)].map(([, to]) => to));
  const { components } = JSON.parse(text);
  const present = ['schemas', 'headers', 'parameters'].flatMap((kind) =>
    Object.keys(components[kind]).map((name) => `${kind}/${name}`),
  );
  expect([...used].sort()).toEqual(present.sort());
});

test('it travels small to whoever can unpack it, and plain to others', async () => {
  const sizeOf = (encoding: string) =>
    new Promise<[string | undefined, number]>((resolve, reject) => {
      const headers = { 'accept-encoding': encoding };
      get(`${server.url}/openapi.json`, { headers }, (response) => {
        let size = 0;
        response.on('data', (part: Buffer) => {
          size += part.length;
        });
        response.once('end', () => resolve([response.headers['content-encoding'], size]));
      }).once('error', reject);
    });
  expect(await sizeOf('identity')).toEqual([undefined, Buffer.byteLength(text)]);
  const [encoding, size] = await sizeOf('gzip, br');
  expect(encoding).toBe('gzip');
  expect(size).toBeLessThan(30_000);
});

test('who has it already gets no second copy', async () => {
  const etag = answer.headers.get('etag') ?? '';
  expect(etag).not.toBe('');
  // As a browser asks; without it fetch asks for a fresh copy.
  const headers = { 'if-none-match': etag, 'cache-control': 'max-age=0' };
  const again = await fetch(`${server.url}/openapi.json`, { headers });
  expect([again.status, await again.text()]).toEqual([304, '']);
});
