import { EnvHttpProxyAgent, fetch } from 'undici';
import type { Fetch } from '../../providers/local/catalog/download.ts';

/** A download that brings nothing for so long is taken up again. */
const SILENCE_MS = 30_000;

export type ProxiedFetch = {
  readonly fetch: Fetch;
  /** Ends what is still open, or the process would wait for it. */
  close(): Promise<void>;
};

/** A fetch that goes through the proxy that HTTPS_PROXY, HTTP_PROXY and NO_PROXY name. */
export function proxiedFetch(): ProxiedFetch {
  const dispatcher = new EnvHttpProxyAgent({ headersTimeout: SILENCE_MS, bodyTimeout: SILENCE_MS });
  return {
    fetch: async (url, { headers, signal }) => {
      const plain = headers as Record<string, string>;
      const answer = await fetch(url, { headers: plain, signal: signal ?? null, dispatcher });
      // undici's own Response class has the shape of the global one.
      return answer as unknown as Response;
    },
    close: () => dispatcher.destroy(),
  };
}
