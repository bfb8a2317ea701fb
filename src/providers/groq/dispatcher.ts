import { Agent, type Dispatcher } from 'undici';
import { wakeAtEnd } from './end-of-paused.ts';
import { keptAddresses } from './kept-addresses.ts';

type Options = { readonly httpsProxy?: string | undefined; readonly noProxy?: string | undefined };

/**
 * Keep-alive connections to Groq, through the proxy where one is set. Time limits are the timeout
 * layer's, not the transport's; only connecting has one of its own.
 */
export async function groqDispatcher({ httpsProxy, noProxy }: Options): Promise<Dispatcher> {
  wakeAtEnd();
  const connect = { timeout: 5_000, lookup: keptAddresses() };
  const pool = { connect, keepAliveTimeout: 30_000, pipelining: 1 };
  if (!httpsProxy) return new Agent(pool);
  const { proxied } = await import('./proxied-dispatcher.ts');
  return proxied({ ...pool, httpsProxy, noProxy });
}
