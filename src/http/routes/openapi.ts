import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Handler } from '../state.ts';

type Form = { readonly bytes: Buffer; readonly etag: string };

/** `GET /openapi.json`: the API's description. Made when it is first asked for, and sent small. */
export function openapiRoute(version: string): Handler {
  let made: Promise<{ readonly plain: Form; readonly small: Form }> | undefined;
  return async (ctx) => {
    made ??= describe(version);
    const { plain, small } = await made;
    const isSmall = ctx.acceptsEncodings('gzip') === 'gzip';
    const { bytes, etag } = isSmall ? small : plain;
    ctx.type = 'application/json; charset=utf-8';
    ctx.set('cache-control', 'no-cache');
    ctx.vary('accept-encoding');
    ctx.etag = etag;
    ctx.status = 200;
    if (ctx.fresh) {
      ctx.status = 304;
      return;
    }
    if (isSmall) ctx.set('content-encoding', 'gzip');
    ctx.body = bytes;
  };
}

async function describe(version: string) {
  // Loaded now, since most servers are never asked.
  const { openapiDocument } = await import('../openapi/document.ts');
  const bytes = Buffer.from(JSON.stringify(openapiDocument(version)));
  return { plain: formOf(bytes), small: formOf(await promisify(gzip)(bytes)) };
}

function formOf(bytes: Buffer): Form {
  return { bytes, etag: createHash('sha256').update(bytes).digest('base64url').slice(0, 22) };
}
