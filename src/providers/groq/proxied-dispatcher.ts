import { type Agent, type Dispatcher, EnvHttpProxyAgent } from 'undici';

type Options = Agent.Options & {
  readonly httpsProxy: string;
  readonly noProxy: string | undefined;
};

/** Connections through a proxy. In a file of its own: undici's takes ten times the code of a plain one. */
export function proxied({ httpsProxy, noProxy, ...pool }: Options): Dispatcher {
  return new EnvHttpProxyAgent({
    ...pool,
    httpProxy: httpsProxy,
    httpsProxy,
    ...(noProxy === undefined ? {} : { noProxy }),
  });
}
