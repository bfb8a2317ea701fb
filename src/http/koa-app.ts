import Koa, { type ParameterizedContext } from 'koa';
import type { RequestState } from './state.ts';

type Run = (ctx: ParameterizedContext<RequestState>) => Promise<unknown>;

/** Koa's own `handleRequest`, which its types don't tell of. */
type Inherited = {
  handleRequest(ctx: ParameterizedContext<RequestState>, run: Run): Promise<void>;
};

const inherited = Koa.prototype as unknown as Inherited;

/** How Koa itself reads and sets the body of a response. */
type BodyProperty = {
  get(this: Koa.BaseResponse): unknown;
  set(this: Koa.BaseResponse, body: unknown): void;
};

/**
 * Koa, without what it does for responses that it doesn't write itself: it would watch each one's
 * socket for its end and then look at the response, which takes longer than all middlewares together.
 * A route that writes by hand says so by `ctx.respond = false`.
 */
export class KoaApp extends Koa<RequestState> {
  constructor(options: ConstructorParameters<typeof Koa<RequestState>>[0]) {
    super(options);
    writeJsonAtOnce(this.response);
  }

  handleRequest(ctx: ParameterizedContext<RequestState>, run: Run): Promise<void> {
    ctx.res.statusCode = 404;
    return run(ctx).then(
      () => (ctx.respond === false ? undefined : this.respond(ctx)),
      (error) => ctx.onerror(error),
    );
  }

  /** Has Koa write what the middlewares left in `ctx`. */
  private respond(ctx: ParameterizedContext<RequestState>): Promise<void> {
    const { statusCode } = ctx.res;
    return inherited.handleRequest.call(this, ctx, async () => {
      ctx.res.statusCode = statusCode;
    });
  }
}

/**
 * Koa asks of an object whether it is one of `fetch`'s streams or answers, before it takes it for
 * JSON, and the question alone makes Node load `fetch`: four megabytes, and most of the time of the
 * first answer. A plain object becomes text before that.
 */
function writeJsonAtOnce(response: Koa.BaseResponse): void {
  const prototype: object = Object.getPrototypeOf(response);
  const body = Object.getOwnPropertyDescriptor(prototype, 'body') as BodyProperty;
  Object.defineProperty(response, 'body', {
    get: body.get,
    set(this: Koa.BaseResponse, value: unknown) {
      if (!isPlain(value)) return body.set.call(this, value);
      if (!/\bjson\b/i.test(this.type)) this.type = 'application/json; charset=utf-8';
      body.set.call(this, JSON.stringify(value));
    },
  });
}

function isPlain(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  return Array.isArray(value) || Object.getPrototypeOf(value) === Object.prototype;
}
