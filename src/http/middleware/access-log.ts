import { shownProvider } from '../../core/shown-name.ts';
import type { CallerName } from '../caller-name.ts';
import type { Context, Handler } from '../state.ts';
import { statusOf } from '../status-of.ts';
import { trailOf } from '../trail-of.ts';

/** The part of a logger that HTTP needs. */
export type HttpLog = {
  info(fields: object, message: string): void;
  warn(fields: object, message: string): void;
  error(fields: object, message: string): void;
};

/**
 * One line a request, when its connection is done with it. No address, key, prompt or answer.
 */
export function accessLog(log: HttpLog, nameOf: CallerName): Handler {
  return (ctx, next) => {
    const since = performance.now();
    ctx.res.on('close', () => {
      if (isProbe(ctx)) return;
      log.info(fieldsOf(ctx, performance.now() - since, nameOf), 'request');
    });
    return next();
  };
}

/** What monitors ask for. */
export const PROBES: ReadonlySet<string> = new Set(['/health', '/ready', '/metrics']);

/** Health checks come every few seconds and say nothing. */
function isProbe(ctx: Context): boolean {
  return PROBES.has(ctx.path) && ctx.res.statusCode === 200;
}

/** Fields that are undefined are left out of the line. */
function fieldsOf(ctx: Context, ms: number, nameOf: CallerName): object {
  const { requestId, answer, open, span } = ctx.state;
  const { servedBy, trail, firstByteMs, broken, error } = answer ?? {};
  const usage = answer?.usage ?? (servedBy ? open?.took() : undefined);
  const isWhole = ctx.res.writableFinished;
  return {
    id: requestId,
    method: ctx.method,
    route: ctx['_matchedRoute'] ?? 'unknown',
    status: statusOf(ctx.res),
    ms: Math.round(ms),
    firstByteMs: firstByteMs && Math.round(firstByteMs),
    servedBy: servedBy && shownProvider(servedBy),
    trail: answer && trail?.length ? trailOf(answer) : undefined,
    promptTokens: usage?.prompt_tokens,
    completionTokens: usage?.completion_tokens,
    traceId: span?.traceId,
    error,
    broken,
    hungUp: isWhole ? undefined : true,
    caller: nameOf(ctx.ip),
  };
}
