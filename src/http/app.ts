import Router from '@koa/router';
import type Koa from 'koa';
import type { Provider } from '../core/provider.ts';
import type { Embedder, NativeProvider, Relay } from '../core/relay.ts';
import type { Tracer } from '../core/tracer.ts';
import type { AdminCheck } from '../keys/admin-secret.ts';
import type { KeyRing } from '../keys/key-ring.ts';
import { callerShare } from '../limits/caller-share.ts';
import type { Metrics } from '../ops/metrics.ts';
import type { Ledger } from '../usage/ledger.ts';
import { answerClock } from './answer-clock.ts';
import { callerNames } from './caller-name.ts';
import { chatIn, completionIn } from './chat-schema.ts';
import { failedSignIns, type SignIn } from './failed-sign-ins.ts';
import { KoaApp } from './koa-app.ts';
import type { LiveFeed } from './live-feed.ts';
import { accessLog, type HttpLog } from './middleware/access-log.ts';
import { adminOnly } from './middleware/admin-only.ts';
import { clientKey } from './middleware/client-key.ts';
import { crossOrigin } from './middleware/cross-origin.ts';
import { errorEnvelope } from './middleware/error-envelope.ts';
import { groqPath } from './middleware/groq-path.ts';
import { guessLimiter } from './middleware/guess-limiter.ts';
import { jsonBody } from './middleware/json-body.ts';
import { knownRoute } from './middleware/known-route.ts';
import { plainRoutes } from './middleware/plain-routes.ts';
import { requestId } from './middleware/request-id.ts';
import { requestMetrics } from './middleware/request-metrics.ts';
import { requestTrace } from './middleware/request-trace.ts';
import { usageLog } from './middleware/usage-log.ts';
import type { OpenAnswers } from './open-answers.ts';
import { type AdminSources, adminReportRoute, doctorRoute } from './routes/admin.ts';
import { audioFormRoute, speechRoute } from './routes/audio.ts';
import { chatRoute } from './routes/chat.ts';
import { completionsRoute } from './routes/completions.ts';
import { embeddingsRoute } from './routes/embeddings.ts';
import { healthRoute, type Readiness, readyRoute } from './routes/health.ts';
import { currentKeyRoute, rotateKeyRoute } from './routes/keys.ts';
import { liveRoute } from './routes/live.ts';
import { countTokensRoute, messagesRoute } from './routes/messages.ts';
import { metricsRoute } from './routes/metrics.ts';
import { type ModelList, modelRoute, modelsRoute } from './routes/models.ts';
import { openapiRoute } from './routes/openapi.ts';
import { assetRoute, pageRoute } from './routes/pages.ts';
import {
  modelsReportRoute,
  type Reports,
  rateLimitsRoute,
  usageCsvRoute,
  usageRoute,
} from './routes/reports.ts';
import { responsesRoute } from './routes/responses.ts';
import type { Context, RequestState } from './state.ts';

export type AppOptions = {
  readonly version: string;
  readonly log: HttpLog;
  readonly ring: KeyRing;
  readonly isAdmin: AdminCheck;
  /** The whole road of a chat request. */
  readonly provider: Provider;
  /** The local model alone, for `/local-chat`. */
  readonly local: Provider & Embedder;
  /** The road of the Responses API. */
  readonly responses: NativeProvider;
  /** The road of audio. */
  readonly uploads: Relay;
  readonly answers: OpenAnswers;
  readonly models: ModelList;
  readonly health: () => object;
  readonly readiness: () => Readiness;
  readonly metrics: Metrics;
  readonly ledger: Ledger;
  /** Absent where no traces are wanted. */
  readonly tracer?: Tracer | undefined;
  readonly reports: Reports;
  readonly feed: LiveFeed;
  readonly admin: AdminSources;
  /** Requests a minute that one caller address may make. */
  readonly callerRpm?: number | undefined;
  /** Judges the token for `GET /metrics`; absent where everybody may read them. */
  readonly mayReadMetrics?: AdminCheck | undefined;
  /** The folder of the built pages. */
  readonly pages: string;
  readonly corsOrigin: readonly string[];
  readonly earlyHeadersMs: number;
  /** Trusted proxies in front of the server. */
  readonly trustProxy: number;
};

/** Puts the routes together. The order of the middlewares is the order in which a request meets them. */
export function createApp(options: AppOptions): Koa<RequestState> {
  const clock = answerClock();
  const provider = clock.watched(options.provider);
  const local = clock.watched(options.local);
  const responses = clock.watchedNative(options.responses);
  const { log, ring, isAdmin, uploads, models, answers, earlyHeadersMs, metrics, pages } = options;
  const watched = { ...options, provider, local, responses };
  const app = new KoaApp({
    proxy: options.trustProxy > 0,
    maxIpsCount: options.trustProxy,
  });
  const router = new Router<RequestState>();
  const { callerRpm, reports } = options;
  const share = callerRpm === undefined ? undefined : callerShare({ perMinute: callerRpm });
  const nameOf = callerNames();
  const signIns = failedSignIns({ now: Date.now, nameOf });
  const guessesOf = (what: SignIn) =>
    guessLimiter({ onGuess: (address) => signIns.add(what, address) });
  const withKey = clientKey(ring, guessesOf('client_key'), share);
  const asAdmin = adminOnly(isAdmin, guessesOf('admin_secret'), log);
  const chat = chatRoute({ provider, answers, read: chatIn, earlyHeadersMs });
  const completion = chatRoute({ provider, answers, read: completionIn, earlyHeadersMs });
  const localChat = chatRoute({ provider: local, answers, read: chatIn, earlyHeadersMs });

  router.post(['/chat', '/api/chat'], withKey, jsonBody(), chat);
  router.post('/local-chat', withKey, jsonBody(), localChat);
  router.post(['/v1/chat/completions', '/chat/completions'], withKey, jsonBody(), completion);
  router.post(['/v1/completions', '/completions'], withKey, jsonBody(), completionsRoute(watched));
  router.post(['/v1/responses', '/responses'], withKey, jsonBody(), responsesRoute(watched));
  router.post(
    ['/v1/embeddings', '/embeddings'],
    withKey,
    jsonBody(),
    embeddingsRoute(local, answers),
  );
  router.post('/v1/messages', withKey, jsonBody(), messagesRoute(watched));
  router.post('/v1/messages/count_tokens', withKey, jsonBody(), countTokensRoute());
  router.post(
    ['/v1/audio/speech', '/audio/speech'],
    withKey,
    jsonBody(),
    speechRoute(uploads, answers),
  );
  for (const path of ['/audio/transcriptions', '/audio/translations']) {
    router.post([`/v1${path}`, path], withKey, audioFormRoute(uploads, path, answers));
  }
  router.get(['/v1/models', '/models'], withKey, modelsRoute(models));
  router.get(['/v1/models/*id', '/models/*id'], withKey, modelRoute(models));
  router.get('/api/usage', withKey, usageRoute(reports));
  router.get('/api/usage.csv', withKey, usageCsvRoute(reports));
  router.get('/api/rate-limits', withKey, rateLimitsRoute(reports));
  router.get('/api/models', withKey, modelsReportRoute(reports));
  router.get('/api/live', withKey, liveRoute(options.feed));
  router.get('/api/admin', asAdmin, adminReportRoute({ ...options.admin, ring, signIns }));
  router.get('/api/admin/doctor', asAdmin, doctorRoute(options.admin));
  router.get('/current-key', asAdmin, currentKeyRoute(ring));
  router.post('/rotate-key', asAdmin, rotateKeyRoute(ring));
  router.get('/', pageRoute(pages, 'index.html'));
  router.get('/dashboard', pageRoute(pages, 'dashboard.html'));
  router.get('/admin', pageRoute(pages, 'admin.html'));
  router.get('/docs', pageRoute(pages, 'docs.html'));
  router.get('/assets/:name', assetRoute(pages));
  router.get('/health', healthRoute(options.health));
  router.get('/ready', readyRoute(options.readiness));
  router.get('/openapi.json', openapiRoute(options.version));
  const isAllowed = options.mayReadMetrics;
  const guesses = guessesOf('metrics_token');
  router.get('/metrics', metricsRoute({ ...metrics, isAllowed, guesses }));

  app.use(requestId());
  if (options.tracer) app.use(requestTrace(options.tracer));
  app.use(requestMetrics({ record: metrics.request, clock }));
  app.use(accessLog(log, nameOf));
  app.use(usageLog(options.ledger));
  app.use(errorEnvelope(log));
  app.use(crossOrigin(options.corsOrigin));
  app.use(groqPath());
  app.use(plainRoutes(router));
  app.use(router.routes());
  app.use(knownRoute());
  app.on('error', (error: NodeJS.ErrnoException, ctx?: Context) => {
    // The caller's own connection: the access log has it as a hang-up.
    if (error.code === 'ECONNRESET' || error.code === 'EPIPE') return;
    log.error({ id: ctx?.state.requestId, err: error }, 'a response failed');
  });
  return app;
}
