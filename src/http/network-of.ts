/** Some proxies write a caller's port behind the address, and IPv6 in brackets. */
const WITH_PORT = /^(?:\[([^\]]+)\]|(\d+(?:\.\d+){3}))(?::\d+)?$/;

/**
 * The network that a caller's address stands for: one caller holds a whole /64 of IPv6 addresses, and
 * comes from another port each time.
 */
export function networkOf(written: string): string {
  const [, six, four] = WITH_PORT.exec(written) ?? [];
  const address = six ?? four ?? written;
  if (!address.includes(':') || address.startsWith('::ffff:')) return address;
  const [front = '', back] = address.split('::');
  const groups = front === '' ? [] : front.split(':');
  const missing = back === undefined ? 0 : 8 - groups.length - back.split(':').length;
  const zeros = Array.from({ length: Math.max(0, missing) }, () => '0');
  return [...groups, ...zeros, ...(back?.split(':') ?? [])].slice(0, 4).join(':');
}
