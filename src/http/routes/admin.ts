import type { KeyRing } from '../../keys/key-ring.ts';
import type { FailedSignIns } from '../failed-sign-ins.ts';
import { failedSignInsView } from '../reports/admin-report.ts';
import type { AdminReport, DoctorReport } from '../reports/admin-schema.ts';
import type { Handler } from '../state.ts';
import { keyView } from './keys.ts';

/** What an admin may look at. */
export type AdminSources = {
  readonly version: string;
  /** How the webhook's delivery goes; absent without one. */
  readonly webhook?: (() => object) | undefined;
  /** Examines the server's surroundings, Groq included: takes seconds. */
  readonly examine: () => Promise<DoctorReport['findings']>;
};

type Options = AdminSources & { readonly ring: KeyRing; readonly signIns: FailedSignIns };

/** `GET /api/admin`: the key, the webhook and who tried wrong keys. */
export function adminReportRoute({ ring, signIns, version, webhook }: Options): Handler {
  return async (ctx) => {
    const key = keyView(await ring.current());
    const { mode, storeError } = ring.state();
    const report: AdminReport = {
      version,
      key: { ...key, mode, ...(storeError ? { store_error: storeError } : {}) },
      webhook: webhook ? { ...webhook() } : null,
      failed_sign_ins: failedSignInsView(signIns),
    };
    ctx.body = report;
  };
}

/** `GET /api/admin/doctor`: what `keyturn doctor` finds, from inside. Several who ask get one answer. */
export function doctorRoute({ examine }: Pick<AdminSources, 'examine'>): Handler {
  let underWay: Promise<DoctorReport> | undefined;
  async function report(): Promise<DoctorReport> {
    const findings = await examine();
    return { time: new Date().toISOString(), findings };
  }
  return async (ctx) => {
    underWay ??= report().finally(() => {
      underWay = undefined;
    });
    ctx.body = await underWay;
  };
}
