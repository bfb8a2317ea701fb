import type Router from '@koa/router';
import type { Handler, RequestState } from '../state.ts';

/** What answers a method and a path without parameters. */
type PlainRoute = { readonly pattern: string; readonly answer: Handler };

/**
 * A short cut to a router's routes without parameters, which are nearly all: found by their name in
 * a table, not by trying pattern after pattern. What it doesn't know goes on to the router itself.
 */
export function plainRoutes(router: Router<RequestState>): Handler {
  const routes = new Map<string, PlainRoute>();
  for (const { path: pattern, methods, stack } of router.stack) {
    if (typeof pattern !== 'string' || /[:*{(]/.test(pattern)) continue;
    // The router's own context holds parameters besides, which these routes don't have.
    const answer = inTurn(stack as unknown as Handler[]);
    for (const method of methods) {
      const name = `${method} ${pattern}`;
      if (!routes.has(name)) routes.set(name, { pattern, answer });
    }
  }
  return (ctx, next) => {
    const route = routes.get(`${ctx.method} ${ctx.path}`);
    if (!route) return next();
    ctx['_matchedRoute'] = route.pattern;
    return route.answer(ctx, next);
  };
}

/** One handler out of several, each the next one of the one before it. */
function inTurn(handlers: readonly Handler[]): Handler {
  return handlers.reduceRight<Handler>(
    (rest, handler) => (ctx, next) => handler(ctx, () => rest(ctx, next)),
    (_ctx, next) => next(),
  );
}
