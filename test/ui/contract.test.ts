import { expect, expectTypeOf, it } from 'vitest';
import type { AdminReport, DoctorReport } from '../../src/http/reports/admin-schema.ts';
import type { LiveReport } from '../../src/http/reports/live-schema.ts';
import type * as shownToAdmin from '../../src/ui/admin/report.ts';
import type { Report } from '../../src/ui/dashboard/report.ts';
import { startCloud } from '../support/cloud.ts';
import { lookOn } from '../support/live.ts';

/** Health and readiness are described loosely by the server; what the pages read of them is looked at. */
type Loose = 'health' | 'ready';

it('the pages expect what the server tells', () => {
  expectTypeOf<Omit<LiveReport, Loose>>().toExtend<Omit<Report, Loose>>();
  expectTypeOf<Omit<AdminReport, 'webhook'>>().toExtend<
    Omit<shownToAdmin.AdminReport, 'webhook'>
  >();
  expectTypeOf<DoctorReport>().toExtend<shownToAdmin.DoctorReport>();
});

it('health holds what the dashboard reads of it', async () => {
  const { server, ask, stop } = await startCloud({ ROTATION_WEBHOOK_URL: 'http://127.0.0.1:9/' });
  await ask({});
  const onlooker = await lookOn(server.url, await server.key());
  const event = await onlooker.next();
  expect(event?.data).toMatchObject({
    ready: { isReady: true, by: 'groq' },
    health: {
      version: expect.any(String),
      uptime_seconds: expect.any(Number),
      key: { key_id: expect.any(String), created: expect.any(String), expiry: expect.any(String) },
      store: { status: 'ok' },
      groq: { configured: true, breakers: [{ key: expect.any(String), state: 'closed' }] },
      local: {
        ...{ model: 'local/lifeboat', state: 'off', memoryBytes: 0, answeredTotal: 0 },
        ...{ queueLength: 0, queueLimit: expect.any(Number) },
      },
      webhook: { host: '127.0.0.1:9', status: 'idle', last_event: null, attempts: 0, error: null },
    },
  });
  onlooker.leave();
  await stop();
});
