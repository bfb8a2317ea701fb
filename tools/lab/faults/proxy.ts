import type { Wire } from '../wire.ts';

const page = '<html><body>Proxy Authentication Required</body></html>';

/** 407, as from a proxy that wants a password. */
export async function refuseAsProxy(wire: Wire): Promise<void> {
  await wire.head(407, {
    'proxy-authenticate': 'Basic realm="proxy"',
    ...{ 'content-type': 'text/html', 'content-length': String(page.length) },
  });
  await wire.send(page);
}
