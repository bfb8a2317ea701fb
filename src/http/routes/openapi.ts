import { createHash } from 'node:crypto';
import type { Handler } from '../state.ts';

type Described = { readonly text: string; readonly etag: string };

/** `GET /openapi.json`: the API's description. Made when it is first asked for. */
export function openapiRoute(version: string): Handler {
  let made: Promise<Described> | undefined;
  return async (ctx) => {
    made ??= describe(version);
    const { text, etag } = await made;
    ctx.type = 'application/json; charset=utf-8';
    ctx.set('cache-control', 'no-cache');
    ctx.etag = etag;
    ctx.status = 200;
    if (ctx.fresh) ctx.status = 304;
    else ctx.body = text;
  };
}

async function describe(version: string): Promise<Described> {
  // Loaded now, since most servers are never asked.
  const { openapiDocument } = await import('../openapi/document.ts');
  const text = JSON.stringify(openapiDocument(version));
  return { text, etag: createHash('sha256').update(text).digest('base64url').slice(0, 22) };
}
