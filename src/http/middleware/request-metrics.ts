import type { RequestFacts } from '../../ops/metrics/requests.ts';
import type { AnswerClock } from '../answer-clock.ts';
import type { Context, Handler } from '../state.ts';
import { statusOf } from '../status-of.ts';

type Options = {
  readonly record: (facts: RequestFacts) => void;
  readonly clock: AnswerClock;
};

/**
 * Measures every request, and hands on what there is to say of it when its connection is done. Stands
 * before the access log, which shows some of it.
 */
export function requestMetrics({ record, clock }: Options): Handler {
  return (ctx, next) => {
    const since = performance.now();
    const { res } = ctx;
    res.on('close', () => {
      const answered = clock.take(ctx.state.open?.tally);
      const { servedBy, trail, broken, error } = ctx.state.answer ?? {};
      const begunMs = answered?.begunAt && answered.begunAt - answered.askedAt;
      if (begunMs && ctx.state.answer) ctx.state.answer.firstByteMs = begunMs;
      const causes = trail?.length ? trail.map(({ cause }) => cause) : [];
      record({
        route: ctx['_matchedRoute'] ?? 'unknown',
        status: statusOf(res),
        servedBy,
        causes,
        durationMs: performance.now() - since,
        firstTokenMs: answered?.isStream ? begunMs : undefined,
        overheadMs: answered && overheadOf(ctx, since, answered),
        error: broken ?? error,
      });
    });
    return next();
  };
}

/** Before the body came, between body and provider, and between the answer and its head. */
function overheadOf(
  { state }: Context,
  since: number,
  { askedAt, begunAt }: { readonly askedAt: number; readonly begunAt: number | undefined },
): number | undefined {
  const { headAt } = state;
  if (begunAt === undefined || headAt === undefined || !state.body) return undefined;
  const { expectedAt, receivedAt } = state.body;
  return expectedAt - since + (askedAt - receivedAt) + Math.max(0, headAt - begunAt);
}
