import type { Dispatcher } from 'undici';
// Not the whole of undici: fetch, caches and WebSocket would take 9 MB of memory more.
import Agent from 'undici/lib/dispatcher/agent.js';
import EnvHttpProxyAgent from 'undici/lib/dispatcher/env-http-proxy-agent.js';

type Options = { readonly httpsProxy?: string | undefined; readonly noProxy?: string | undefined };

/**
 * Keep-alive connections to Groq, through the proxy where one is set. Time limits are the timeout
 * layer's, not the transport's; only connecting has one of its own.
 */
export function groqDispatcher({ httpsProxy, noProxy }: Options): Dispatcher {
  const pool = { connect: { timeout: 5_000 }, keepAliveTimeout: 30_000, pipelining: 1 };
  if (!httpsProxy) return new Agent(pool);
  return new EnvHttpProxyAgent({
    ...pool,
    httpProxy: httpsProxy,
    httpsProxy,
    ...(noProxy === undefined ? {} : { noProxy }),
  });
}
