import type { FailedSignIns } from '../failed-sign-ins.ts';
import type { AdminReport } from './admin-schema.ts';

/** Failed sign-ins as they are shown. */
export function failedSignInsView(signIns: FailedSignIns): AdminReport['failed_sign_ins'] {
  const { since, total, callers } = signIns.view();
  return {
    since: new Date(since).toISOString(),
    total,
    callers: callers.map(({ lastAt, ...caller }) => ({
      ...caller,
      last: new Date(lastAt).toISOString(),
    })),
  };
}
