import { shownProvider } from '../../core/shown-name.ts';
import type { Ledger } from '../../usage/ledger.ts';
import type { RequestFacts } from '../../usage/open-request.ts';
import type { Outcome } from '../../usage/usage-state.ts';
import type { Context, Handler } from '../state.ts';
import { trailOf } from '../trail-of.ts';

/** Writes a line into the ledger for every request that came with the client key and a question. */
export function usageLog(ledger: Pick<Ledger, 'open'>): Handler {
  return (ctx, next) => {
    if (ctx.method !== 'POST') return next();
    const open = ledger.open();
    ctx.state.open = open;
    ctx.res.on('close', () => {
      if (ctx.state.hasKey) open.close(factsOf(ctx));
    });
    return next();
  };
}

function factsOf(ctx: Context): RequestFacts {
  const { answer, json, formModel } = ctx.state;
  const { servedBy } = answer ?? {};
  const isWhole = ctx.res.writableFinished;
  const status = isWhole || ctx.res.headersSent ? ctx.res.statusCode : 499;
  return {
    id: ctx.state.requestId,
    route: String(ctx['_matchedRoute'] ?? 'unknown'),
    model: modelIn(json?.value()) ?? formModel?.(),
    servedBy: servedBy && shownProvider(servedBy),
    trail: trailOf(answer ?? {}),
    status,
    outcome: outcomeOf(status, isWhole, answer?.broken !== undefined),
  };
}

function modelIn(json: unknown): string | undefined {
  if (typeof json !== 'object' || json === null || !('model' in json)) return undefined;
  return typeof json.model === 'string' ? json.model : undefined;
}

function outcomeOf(status: number, isWhole: boolean, isBroken: boolean): Outcome {
  if (isBroken) return 'broken';
  if (!isWhole) return 'hung_up';
  if (status < 400) return 'ok';
  if (status === 429) return 'limited';
  return status < 500 ? 'refused' : 'failed';
}
