import cors from '@koa/cors';
import Router from '@koa/router';
import Koa from 'koa';
import type { Provider } from '../core/provider.ts';
import type { AdminCheck } from '../keys/admin-secret.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { parseChat, parseCompletion } from './chat-schema.ts';
import { accessLog, type HttpLog } from './middleware/access-log.ts';
import { adminOnly } from './middleware/admin-only.ts';
import { clientKey } from './middleware/client-key.ts';
import { errorEnvelope } from './middleware/error-envelope.ts';
import { guessLimiter } from './middleware/guess-limiter.ts';
import { jsonBody } from './middleware/json-body.ts';
import { knownRoute } from './middleware/known-route.ts';
import { requestId } from './middleware/request-id.ts';
import { chatRoute } from './routes/chat.ts';
import { healthRoute, type Readiness, readyRoute } from './routes/health.ts';
import { currentKeyRoute, rotateKeyRoute } from './routes/keys.ts';
import { type ModelList, modelRoute, modelsRoute } from './routes/models.ts';
import type { RequestState } from './state.ts';

export type AppOptions = {
  readonly log: HttpLog;
  readonly ring: KeyRing;
  readonly isAdmin: AdminCheck;
  /** The whole road of a chat request. */
  readonly provider: Provider;
  /** The local model alone, for `/local-chat`. */
  readonly local: Provider;
  readonly models: ModelList;
  readonly health: () => object;
  readonly readiness: () => Readiness;
  readonly corsOrigin: string;
  readonly earlyHeadersMs: number;
  /** Trusted proxies in front of the server. */
  readonly trustProxy: number;
};

/** Puts the routes together. The order of the middlewares is the order in which a request meets them. */
export function createApp(options: AppOptions): Koa<RequestState> {
  const { log, ring, isAdmin, provider, local, models, earlyHeadersMs } = options;
  const app = new Koa<RequestState>({
    proxy: options.trustProxy > 0,
    maxIpsCount: options.trustProxy,
  });
  const router = new Router<RequestState>();
  const withKey = clientKey(ring, guessLimiter());
  const asAdmin = adminOnly(isAdmin, guessLimiter(), log);
  const chat = chatRoute({ provider, parse: parseChat, earlyHeadersMs });
  const completion = chatRoute({ provider, parse: parseCompletion, earlyHeadersMs });
  const localChat = chatRoute({ provider: local, parse: parseChat, earlyHeadersMs });

  router.post(['/chat', '/api/chat'], withKey, jsonBody(), chat);
  router.post('/local-chat', withKey, jsonBody(), localChat);
  router.post(['/v1/chat/completions', '/chat/completions'], withKey, jsonBody(), completion);
  router.get(['/v1/models', '/models'], withKey, modelsRoute(models));
  router.get(['/v1/models/*id', '/models/*id'], withKey, modelRoute(models));
  router.get('/current-key', asAdmin, currentKeyRoute(ring));
  router.post('/rotate-key', asAdmin, rotateKeyRoute(ring));
  router.get('/health', healthRoute(options.health));
  router.get('/ready', readyRoute(options.readiness));

  app.use(requestId());
  app.use(accessLog(log));
  app.use(errorEnvelope(log));
  app.use(cors(corsOptions(options.corsOrigin)));
  app.use(router.routes());
  app.use(knownRoute());
  app.on('error', (error) => log.error({ err: error }, 'a response failed'));
  return app;
}

/** No cookies are used, so any origin may call with a key of its own. */
function corsOptions(allowed: string): cors.Options {
  const origins = allowed.split(',').map((origin) => origin.trim());
  return {
    origin: (ctx) => {
      if (origins.includes('*')) return '*';
      const origin = ctx.get('origin');
      return origins.includes(origin) ? origin : '';
    },
    allowMethods: ['GET', 'HEAD', 'POST'],
    allowHeaders: [
      'content-type',
      'x-api-key',
      'authorization',
      'admin-secret',
      'x-fallback',
      'x-request-id',
    ],
    exposeHeaders: [
      'x-request-id',
      'x-served-by',
      'x-fallback-trail',
      'x-key-expires',
      'x-model-replaced',
      'retry-after',
    ],
    maxAge: 86_400,
  };
}
