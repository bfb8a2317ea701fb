// What the parts that a shared key needs cost at the very least: Koa and its router, the key compared by
// its hash, the body checked, one log line, metrics, usage read from the answer, undici's dispatch. No
// limits, ledger, breaker, retries or fallback, and whole answers only.
import { createHash, randomUUID, timingSafeEqual } from 'node:crypto';
import Router from '@koa/router';
import Koa from 'koa';
import pino from 'pino';
import { Counter, Histogram } from 'prom-client';
import { Agent } from 'undici';

// By itself, so that a profile of it is written.
process.once('SIGTERM', () => process.exit());

const agent = new Agent();
const origin = process.env.UPSTREAM;
const log = pino(pino.destination({ dest: 1, sync: true }));
const hashOf = (text) => createHash('sha256').update(text).digest();
const rightHash = hashOf(process.env.KEY);
const requests = new Counter({ name: 'requests', help: 'Requests', labelNames: ['status'] });
const seconds = new Histogram({ name: 'seconds', help: 'Their duration' });
const tokens = new Counter({ name: 'tokens', help: 'Tokens', labelNames: ['kind'] });

function named(ctx, next) {
  ctx.state.id = `req_${randomUUID()}`;
  ctx.set('x-request-id', ctx.state.id);
  return next();
}

function watched(ctx, next) {
  const since = performance.now();
  ctx.res.once('close', () => {
    const { statusCode: status } = ctx.res;
    const { id, usage } = ctx.state;
    const ms = performance.now() - since;
    requests.labels(String(status)).inc();
    seconds.observe(ms / 1000);
    tokens.labels('prompt').inc(usage?.prompt_tokens ?? 0);
    tokens.labels('completion').inc(usage?.completion_tokens ?? 0);
    log.info({ id, method: ctx.method, path: ctx.path, status, ms, usage }, 'request');
  });
  return next();
}

function withKey(ctx, next) {
  if (timingSafeEqual(hashOf(ctx.get('x-api-key')), rightHash)) return next();
  ctx.throw(401);
}

async function chat(ctx) {
  const body = await received(ctx.req);
  const { messages } = JSON.parse(body);
  if (!Array.isArray(messages)) ctx.throw(400);
  const { status, bytes } = await asked(ctx.res, body);
  ctx.state.usage = JSON.parse(bytes).usage;
  ctx.respond = false;
  ctx.res.writeHead(status, {
    'content-type': 'application/json',
    'content-length': bytes.length,
    'x-served-by': 'upstream',
  });
  ctx.res.end(bytes);
}

function received(request) {
  return new Promise((resolve, reject) => {
    const parts = [];
    request.on('data', (part) => parts.push(part));
    request.on('end', () => resolve(joined(parts)));
    request.on('error', reject);
  });
}

function asked(response, body) {
  return new Promise((resolve, reject) => {
    let controller;
    response.once('close', () => {
      if (!response.writableFinished) controller?.abort(new Error('hung up'));
    });
    const headers = { 'content-type': 'application/json', authorization: 'Bearer gsk_bench' };
    const parts = [];
    let status = 502;
    agent.dispatch(
      { origin, path: '/openai/v1/chat/completions', method: 'POST', headers, body },
      {
        onRequestStart: (started) => {
          controller = started;
        },
        onResponseStart: (_flow, came) => {
          status = came;
        },
        onResponseData: (_flow, bytes) => parts.push(bytes),
        onResponseEnd: () => resolve({ status, bytes: joined(parts) }),
        onResponseError: (_flow, error) => reject(error),
      },
    );
  });
}

function joined(parts) {
  return parts.length === 1 ? parts[0] : Buffer.concat(parts);
}

const app = new Koa();
const router = new Router();
router.post('/v1/chat/completions', withKey, chat);
app.use(named).use(watched).use(router.routes());
// Whoever hung up needs no report.
app.on('error', () => {});
app.listen(Number(process.env.PORT), '127.0.0.1', () => console.log('ready'));
