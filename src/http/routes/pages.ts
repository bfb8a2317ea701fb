import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { extname, join } from 'node:path';
import { ApiError } from '../../core/errors.ts';
import type { Context, Handler } from '../state.ts';

/** Only what the server itself sent may run, be shown or be asked; text never becomes markup. */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "manifest-src 'self'",
  "base-uri 'none'",
  "form-action 'none'",
  "frame-ancestors 'none'",
  "require-trusted-types-for 'script'",
  "trusted-types 'none'",
].join('; ');

const HEADERS = {
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=()',
  'referrer-policy': 'no-referrer',
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
};

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.webmanifest': 'application/manifest+json',
};

/** The build leaves each file beside itself in these forms. */
const ENCODINGS = { br: '.br', gzip: '.gz' } as const;

/** `GET /` and its like: a page, asked for anew each time, sent only when it has changed. */
export function pageRoute(folder: string, file: string): Handler {
  return (ctx) => send(ctx, folder, file, 'no-cache');
}

/** `GET /assets/<name>`: what a page loads. The name holds a digest of the content, so it never changes. */
export function assetRoute(folder: string): Handler {
  return (ctx) => {
    const name = String(ctx['params'].name);
    if (!/^[\w-]+(?:\.[\w-]+)+$/.test(name)) throw missing();
    return send(ctx, join(folder, 'assets'), name, 'public, max-age=31536000, immutable');
  };
}

async function send(ctx: Context, folder: string, file: string, caching: string): Promise<void> {
  const type = TYPES[extname(file)];
  if (!type) throw missing();
  const encoding = encodingFor(ctx);
  const suffix = encoding ? ENCODINGS[encoding] : '';
  const bytes = await readFile(join(folder, file + suffix)).catch(() => {
    throw missing();
  });
  ctx.set({ ...HEADERS, 'cache-control': caching });
  ctx.vary('accept-encoding');
  ctx.etag = createHash('sha256').update(bytes).digest('base64url').slice(0, 22);
  ctx.type = type;
  ctx.status = 200;
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  if (encoding) ctx.set('content-encoding', encoding);
  ctx.body = bytes;
}

/** The smallest form that the browser takes: browsers name gzip first, and that decides nothing. */
function encodingFor(ctx: Context): keyof typeof ENCODINGS | undefined {
  if (ctx.acceptsEncodings('br')) return 'br';
  return ctx.acceptsEncodings('gzip') ? 'gzip' : undefined;
}

function missing(): ApiError {
  return new ApiError(
    'not_found',
    'There is no such file. If the pages are missing altogether, build them: npm run build.',
  );
}
