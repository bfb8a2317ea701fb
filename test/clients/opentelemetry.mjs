import assert from 'node:assert/strict';
import { createServer } from 'node:http';
import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import { W3CTraceContextPropagator } from '@opentelemetry/core';
import { OTLPTraceExporter } from '@opentelemetry/exporter-trace-otlp-http';
import { resourceFromAttributes } from '@opentelemetry/resources';
import { BasicTracerProvider, BatchSpanProcessor } from '@opentelemetry/sdk-trace-base';
import { openGround } from './ground.mjs';

/** A caller that traces itself with the official SDK, and sends its spans where keyturn sends its own. */
export function opentelemetryChecks() {
  return {
    'a trace of the official SDK goes on in keyturn, in the same form': async () => {
      const collector = await startCollector();
      const ground = await openGround({ OTEL_EXPORTER_OTLP_ENDPOINT: collector.url });
      const official = await askTraced(ground, collector.url);
      await ground.close();
      const bodies = collector.bodies();
      await collector.close();

      const theirs = bodies.find((body) => serviceOf(body) === 'the-caller');
      const ours = bodies.filter((body) => serviceOf(body) === 'keyturn');
      const spans = ours.flatMap(spansOf);
      const request = spans.find(({ parentSpanId }) => parentSpanId === official.spanId);
      assert.equal(request.traceId, official.traceId);
      const attempt = spans.find(({ parentSpanId }) => parentSpanId === request.spanId);
      assert.equal(attempt.traceId, official.traceId);

      const known = shapeOf(theirs);
      for (const field of ours.flatMap((body) => shapeOf(body))) {
        assert.ok(known.includes(field), `the official exporter never sends ${field}`);
      }
    },
  };
}

/** One call below a span that has everything that ours have. */
async function askTraced(ground, endpoint) {
  const provider = new BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': 'the-caller' }),
    spanProcessors: [
      new BatchSpanProcessor(new OTLPTraceExporter({ url: `${endpoint}/v1/traces` })),
    ],
  });
  const tracer = provider.getTracer('the-caller', '1.0.0');
  const parent = tracer.startSpan('outside', {}, ROOT_CONTEXT);
  const here = trace.setSpan(ROOT_CONTEXT, parent);
  const attributes = { text: 'a', whole: 1, real: 0.5, claim: true, list: ['a'] };
  const span = tracer.startSpan('asks', { kind: SpanKind.CLIENT, attributes }, here);
  const headers = { 'x-api-key': ground.key, 'content-type': 'application/json' };
  new W3CTraceContextPropagator().inject(trace.setSpan(here, span), headers, {
    set: (carrier, name, value) => {
      carrier[name] = value;
    },
  });
  const body = JSON.stringify({ messages: [{ role: 'user', content: 'Hello' }] });
  const answer = await fetch(`${ground.url}/v1/chat/completions`, {
    ...{ method: 'POST', headers, body },
  });
  assert.equal(answer.status, 200);
  await answer.text();
  span.setStatus({ code: SpanStatusCode.ERROR });
  span.end();
  parent.end();
  await provider.shutdown();
  return span.spanContext();
}

async function startCollector() {
  const bodies = [];
  const server = createServer(async (request, response) => {
    const parts = [];
    for await (const part of request) parts.push(part);
    bodies.push(JSON.parse(Buffer.concat(parts).toString()));
    response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
  });
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${server.address().port}`,
    bodies: () => bodies,
    close: () => {
      server.closeAllConnections();
      return new Promise((resolve) => server.close(resolve));
    },
  };
}

const spansOf = ({ resourceSpans }) =>
  resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans));

const serviceOf = ({ resourceSpans: [{ resource }] }) =>
  resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue;

/** Every path in a body with the type at its end, elements of lists as one. */
function shapeOf(value, path = '') {
  if (Array.isArray(value)) return value.flatMap((item) => shapeOf(item, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [`${path}: ${typeof value}`];
  return Object.entries(value).flatMap(([name, item]) => shapeOf(item, `${path}.${name}`));
}
