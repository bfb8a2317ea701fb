import { METHODS } from 'node:http';
import { shownProvider } from '../../core/shown-name.ts';
import type { Attributes, Tracer } from '../../core/tracer.ts';
import type { Context, Handler } from '../state.ts';
import { statusOf } from '../status-of.ts';
import { trailOf } from '../trail-of.ts';
import { PROBES } from './access-log.ts';

/**
 * One span a request, which the attempts of providers are parts of. Names are OpenTelemetry's
 * (https://opentelemetry.io/docs/specs/semconv/http/http-spans/); no address, path or query of the
 * caller's, since these may hold anything. Health checks have none.
 */
export function requestTrace(tracer: Tracer): Handler {
  return (ctx, next) => {
    if (PROBES.has(ctx.path)) return next();
    const method = METHODS.includes(ctx.method) ? ctx.method : '_OTHER';
    const span = tracer.request(method, ctx.headers, {
      'http.request.method': method,
      'url.scheme': ctx.protocol,
      'keyturn.request_id': ctx.state.requestId,
    });
    ctx.state.span = span;
    ctx.res.once('close', () => {
      const route = ctx['_matchedRoute'];
      span.end(
        { ...answerAttributes(ctx), 'http.route': route },
        route ? `${method} ${route}` : method,
      );
    });
    return next();
  };
}

function answerAttributes({ res, state }: Context): Attributes {
  const { servedBy, trail, broken, error, usage } = state.answer ?? {};
  const status = statusOf(res);
  const isFault = status >= 500 || broken !== undefined;
  return {
    'http.response.status_code': status,
    'error.type': isFault ? (broken ?? error ?? `${status}`) : undefined,
    'keyturn.hung_up': res.writableFinished ? undefined : true,
    'keyturn.served_by': servedBy && shownProvider(servedBy),
    'keyturn.fallback_trail': state.answer && trail?.length ? trailOf(state.answer) : undefined,
    'keyturn.error_code': error,
    'gen_ai.usage.input_tokens': usage?.prompt_tokens,
    'gen_ai.usage.output_tokens': usage?.completion_tokens,
  };
}
