import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** What content delivery networks write where they don't know. */
const UNKNOWN_COUNTRY = 'XX';

/**
 * Tells a caller's address. X-Forwarded-For is believed only from trusted proxies, and read from the right: the first
 * address that is no trusted proxy is the caller, whatever it wrote to the left of that itself.
 */
export function createClientAddress(trustedProxies: readonly string[]) {
  const isTrusted = trustedBy(trustedProxies);

  return (request: IncomingMessage): string => {
    let address = plain(request.socket.remoteAddress ?? '');
    const forwarded = request.headers['x-forwarded-for'];
    const hops = typeof forwarded === 'string' ? forwarded.split(',').map((hop) => plain(hop.trim())) : [];
    while (hops.length > 0 && isIP(address) !== 0 && isTrusted(address)) {
      const hop = hops.pop() ?? '';
      if (isIP(hop) === 0) break;
      address = hop;
    }
    return address;
  };
}

/**
 * Tells a caller's country (ISO 3166-1 alpha-2) as a proxy names it in a header: undefined when there is none, when no
 * header is configured, and when somebody else than a trusted proxy sent it.
 */
export function createClientCountry(options: { trustedProxies: readonly string[]; countryHeader?: string }) {
  const { trustedProxies, countryHeader } = options;
  const isTrusted = trustedBy(trustedProxies);
  return (request: IncomingMessage): string | undefined => {
    const country = countryHeader === undefined ? undefined : request.headers[countryHeader];
    const peer = plain(request.socket.remoteAddress ?? '');
    const isCountry = typeof country === 'string' && /^[A-Z]{2}$/.test(country) && country !== UNKNOWN_COUNTRY;
    return isCountry && isIP(peer) !== 0 && isTrusted(peer) ? country : undefined;
  };
}

function trustedBy(proxies: readonly string[]): (address: string) => boolean {
  const trusted = new BlockList();
  for (const proxy of proxies) {
    const [address = '', prefix] = proxy.split('/');
    const family = isIP(address) === 6 ? 'ipv6' : 'ipv4';
    if (prefix === undefined) trusted.addAddress(address, family);
    else trusted.addSubnet(address, Number(prefix), family);
  }
  return (address) => trusted.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

/** An IPv4 address without its IPv6 wrapping. */
const plain = (address: string): string => address.replace(/^::ffff:/i, '');
