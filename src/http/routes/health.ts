import type { Handler } from '../state.ts';

/** What `/ready` says: whether somebody can answer, or why nobody can. */
export type Readiness =
  | { readonly isReady: true; readonly by: string }
  | { readonly isReady: false; readonly reason: string };

/** `GET /health`: the process lives. Asks neither Groq nor the model. */
export function healthRoute(report: () => object): Handler {
  return (ctx) => {
    ctx.set('cache-control', 'no-store');
    ctx.body = report();
  };
}

/** `GET /ready`: 200 when some provider can answer, else 503 with the reason. */
export function readyRoute(readiness: () => Readiness): Handler {
  return (ctx) => {
    const answer = readiness();
    ctx.set('cache-control', 'no-store');
    ctx.status = answer.isReady ? 200 : 503;
    ctx.body = answer.isReady
      ? { status: 'ready', by: answer.by }
      : { status: 'not ready', reason: answer.reason };
  };
}
