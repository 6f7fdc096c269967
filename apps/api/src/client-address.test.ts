import { IncomingMessage } from 'node:http';
import { Socket } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createClientAddress, createClientCountry } from './client-address.ts';

function requestFrom(remoteAddress: string, forwardedFor?: string): IncomingMessage {
  const socket = new Socket();
  Object.defineProperty(socket, 'remoteAddress', { value: remoteAddress });
  const request = new IncomingMessage(socket);
  if (forwardedFor !== undefined) request.headers['x-forwarded-for'] = forwardedFor;
  return request;
}

describe('the address of a caller', () => {
  const addressOf = createClientAddress(['10.0.0.0/8', '::1']);

  it('does not believe X-Forwarded-For from strangers', () => {
    expect(addressOf(requestFrom('203.0.113.9', '198.51.100.1'))).toBe('203.0.113.9');
  });

  it('takes the last hop that no trusted proxy wrote', () => {
    expect(addressOf(requestFrom('10.0.0.2', '1.1.1.1, 198.51.100.7, 10.0.0.3'))).toBe('198.51.100.7');
    expect(addressOf(requestFrom('::ffff:10.0.0.2', '198.51.100.7'))).toBe('198.51.100.7');
  });

  it('stops at what is no address', () => {
    expect(addressOf(requestFrom('10.0.0.2', 'evil, 10.0.0.3'))).toBe('10.0.0.3');
  });

  it('is the proxy itself without a header', () => {
    expect(addressOf(requestFrom('::1'))).toBe('::1');
  });
});

describe('the country of a caller', () => {
  const countryOf = createClientCountry({ trustedProxies: ['10.0.0.0/8'], countryHeader: 'cf-ipcountry' });
  const from = (remoteAddress: string, country?: string): IncomingMessage => {
    const request = requestFrom(remoteAddress);
    if (country !== undefined) request.headers['cf-ipcountry'] = country;
    return request;
  };

  it('is what a trusted proxy says, and nobody else', () => {
    expect(countryOf(from('::ffff:10.0.0.2', 'PT'))).toBe('PT');
    expect(countryOf(from('203.0.113.9', 'PT'))).toBeUndefined();
  });

  it('is unknown when it is no country, and where no header is configured', () => {
    for (const country of [undefined, 'XX', 'T1', 'pt', 'Portugal', '<b>']) {
      expect(countryOf(from('10.0.0.2', country))).toBeUndefined();
    }
    expect(createClientCountry({ trustedProxies: ['10.0.0.0/8'] })(from('10.0.0.2', 'PT'))).toBeUndefined();
  });
});
