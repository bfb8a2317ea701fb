import Koa, { type ParameterizedContext } from 'koa';
import type { RequestState } from './state.ts';

type Run = (ctx: ParameterizedContext<RequestState>) => Promise<unknown>;

/** Koa's own `handleRequest`, which its types don't tell of. */
type Inherited = {
  handleRequest(ctx: ParameterizedContext<RequestState>, run: Run): Promise<void>;
};

const inherited = Koa.prototype as unknown as Inherited;

/**
 * Koa, without what it does for responses that it doesn't write itself: it would watch each one's
 * socket for its end and then look at the response, which takes longer than all middlewares together.
 * A route that writes by hand says so by `ctx.respond = false`.
 */
export class KoaApp extends Koa<RequestState> {
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
