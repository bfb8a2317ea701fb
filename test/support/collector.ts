import { once } from 'node:events';
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';

/** A span as it was delivered, its attributes as plain values. */
export type HeardSpan = {
  readonly traceId: string;
  readonly spanId: string;
  readonly parentSpanId?: string;
  readonly traceState?: string;
  readonly name: string;
  readonly kind: number;
  readonly status: { readonly code?: number };
  readonly startTimeUnixNano: string;
  readonly endTimeUnixNano: string;
  readonly attributes: Readonly<Record<string, unknown>>;
  /** What is said of whoever sent it. */
  readonly resource: Readonly<Record<string, unknown>>;
};

/** An OpenTelemetry collector's receiver of traces (OTLP over HTTP, JSON). */
export type Collector = {
  readonly url: string;
  readonly deliveries: readonly { readonly headers: IncomingHttpHeaders; readonly body: string }[];
  spans(): HeardSpan[];
  /** From now on every delivery is answered with this status; 0: never. */
  answer(status: number): void;
  close(): Promise<void>;
};

/** Starts one on a free port, or on a given one. */
export async function startCollector(port = 0): Promise<Collector> {
  const deliveries: { headers: IncomingHttpHeaders; body: string }[] = [];
  let status = 200;
  const server = createServer(async (request, response) => {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part);
    if (request.url !== '/v1/traces' || request.method !== 'POST') {
      response.writeHead(404).end();
      return;
    }
    if (status === 200) {
      deliveries.push({ headers: request.headers, body: Buffer.concat(parts).toString() });
    }
    if (status > 0) response.writeHead(status, { 'content-type': 'application/json' }).end('{}');
  }).listen(port, '127.0.0.1');
  await once(server, 'listening');
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    deliveries,
    spans: () => deliveries.flatMap(({ body }) => spansIn(body)),
    answer: (next) => {
      status = next;
    },
    close: async () => {
      server.closeAllConnections();
      server.close();
      await once(server, 'close');
    },
  };
}

type Pair = { readonly key: string; readonly value: Readonly<Record<string, unknown>> };
type OtlpSpan = Omit<HeardSpan, 'attributes' | 'resource'> & { readonly attributes: Pair[] };
type Body = {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: Pair[] };
    readonly scopeSpans: readonly { readonly spans: readonly OtlpSpan[] }[];
  }[];
};

function spansIn(body: string): HeardSpan[] {
  const { resourceSpans } = JSON.parse(body) as Body;
  return resourceSpans.flatMap(({ resource, scopeSpans }) =>
    scopeSpans.flatMap(({ spans }) =>
      spans.map((span) => ({
        ...span,
        attributes: plain(span.attributes),
        resource: plain(resource.attributes),
      })),
    ),
  );
}

function plain(pairs: readonly Pair[]): Record<string, unknown> {
  return Object.fromEntries(pairs.map(({ key, value }) => [key, plainValue(value)]));
}

function plainValue(value: Readonly<Record<string, unknown>>): unknown {
  const [held] = Object.values(value);
  const list = value['arrayValue'] as { values: Record<string, unknown>[] } | undefined;
  return list ? list.values.map(plainValue) : held;
}
