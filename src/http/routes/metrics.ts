import { ApiError } from '../../core/errors.ts';
import type { AdminCheck } from '../../keys/admin-secret.ts';
import type { GuessLimiter } from '../middleware/guess-limiter.ts';
import type { Handler } from '../state.ts';

type Options = {
  readonly exposition: () => Promise<{ readonly contentType: string; readonly text: string }>;
  /** Judges `METRICS_TOKEN`; absent where everybody may read. */
  readonly isAllowed?: AdminCheck | undefined;
  readonly guesses: GuessLimiter;
};

/** `GET /metrics`, for Prometheus: with the token as `authorization: Bearer` where one is set. */
export function metricsRoute({ exposition, isAllowed, guesses }: Options): Handler {
  return async (ctx) => {
    if (isAllowed) {
      const token = /^Bearer\s+(\S+)\s*$/i.exec(ctx.get('authorization'))?.[1];
      if (!token || !isAllowed(token)) {
        if (token) await guesses.count(ctx.ip);
        throw new ApiError(
          'invalid_api_key',
          'Metrics need the METRICS_TOKEN of this server, as authorization: Bearer.',
        );
      }
    }
    const { contentType, text } = await exposition();
    ctx.set('cache-control', 'no-store');
    ctx.set('content-type', contentType);
    ctx.body = text;
  };
}
