import { describe, expect, it } from 'vitest';
import { tracedCloud } from '../support/traced-cloud.ts';

const traced = tracedCloud();
const { open, heard, trace } = traced;

describe("the caller's own trace", () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c';
  const spanId = 'b7ad6b7169203331';
  const headers = {
    traceparent: `00-${traceId}-${spanId}-01`,
    tracestate: 'congo=t61rcWkgMzE,rojo=00f067aa0ba902b7',
  };

  it('is gone on with, and passed on to the provider', async () => {
    await open();
    await traced.cloud.ask({}, { headers });
    const [received] = traced.cloud.lab.attempts;
    const { request, attempts } = await trace();
    expect(request).toMatchObject({
      traceId,
      parentSpanId: spanId,
      traceState: headers.tracestate,
    });
    expect(received?.headers).toMatchObject({
      traceparent: `00-${traceId}-${attempts[0]?.spanId}-01`,
      tracestate: headers.tracestate,
    });
  });

  it('is not recorded where the caller does not record it, but still passed on', async () => {
    await open();
    await traced.cloud.ask({}, { headers: { traceparent: `00-${traceId}-${spanId}-00` } });
    expect(traced.cloud.lab.attempts[0]?.headers['traceparent']).toMatch(
      new RegExp(`^00-${traceId}-(?!${spanId})[0-9a-f]{16}-00$`),
    );
    expect(await heard()).toEqual([]);
  });

  it.each([
    '00-00000000000000000000000000000000-b7ad6b7169203331-01',
    `00-${traceId}-0000000000000000-01`,
    `ff-${traceId}-${spanId}-01`,
    `00-${traceId}-${spanId}-01-more`,
    `00-${traceId.toUpperCase()}-${spanId}-01`,
    'nonsense',
  ])('counts for nothing where it is not one: %s', async (traceparent) => {
    await open();
    await traced.cloud.ask({}, { headers: { traceparent, tracestate: 'a=b' } });
    expect(traced.cloud.lab.attempts[0]?.headers['tracestate']).toBeUndefined();
    const { request } = await trace();
    expect(request.traceId).not.toBe(traceId);
    expect(request.parentSpanId).toBeUndefined();
  });
});
