import { ApiError } from '../../core/errors.ts';
import type { AdminCheck } from '../../keys/admin-secret.ts';
import type { Handler } from '../state.ts';
import type { HttpLog } from './access-log.ts';
import type { GuessLimiter } from './guess-limiter.ts';

/** Lets a request pass with the header `admin-secret`. A locked address waits, even with the right one. */
export function adminOnly(check: AdminCheck, guesses: GuessLimiter, log: HttpLog): Handler {
  let hasWarned = false;
  return async (ctx, next) => {
    const presented = ctx.get('admin-secret');
    if (!presented) {
      throw new ApiError(
        'invalid_admin_secret',
        'Send the admin secret in the header admin-secret.',
      );
    }
    await guesses.refuseIfLocked(ctx.ip);
    if (!check(presented)) {
      await guesses.count(ctx.ip);
      throw new ApiError(
        'invalid_admin_secret',
        'This admin secret is wrong. It is the ADMIN_SECRET of the server.',
      );
    }
    if (!ctx.secure && !isLoopback(ctx.ip) && !hasWarned) {
      hasWarned = true;
      log.warn({}, 'an admin secret came over plain http from another machine: put TLS in front');
    }
    ctx.set('cache-control', 'no-store');
    return next();
  };
}

function isLoopback(address: string): boolean {
  return address === '::1' || /^(::ffff:)?127\./.test(address);
}
