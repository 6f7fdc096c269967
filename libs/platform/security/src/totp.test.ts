import jsqr from 'jsqr';
import { PNG } from 'pngjs';
import { generateSync } from 'otplib';
import { describe, expect, it } from 'vitest';
import { qrCodeOf } from './qr-code.ts';
import { createTotp } from './totp.ts';

const totp = createTotp({ issuer: 'Lamp & Sons' });
/** The secret of RFC 6238, appendix B: the ASCII digits 12345678901234567890. */
const secret = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
const at = (seconds: number): Date => new Date(seconds * 1_000);

describe('one-time passwords', () => {
  // The appendix shows eight digits; those of six are their last six (RFC 4226, 5.3: modulo 10^digits).
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('are those of RFC 6238 at %i', (seconds, code) => {
    expect(totp.stepOf({ secret, code: code.slice(2), now: at(seconds) })).toBe(Math.floor(seconds / 30));
  });

  it('are accepted one step early or late, and not two', () => {
    const start = 1_111_111_110;
    for (const second of [0, 17, 29]) {
      const now = at(start + second);
      const stepOf = (steps: number): number | undefined =>
        totp.stepOf({ secret, code: generateSync({ secret, epoch: start + steps * 30 }), now });
      expect([-2, -1, 0, 1, 2].map(stepOf)).toEqual([undefined, start / 30 - 1, start / 30, start / 30 + 1, undefined]);
    }
  });

  it('have six digits and nothing else', () => {
    for (const code of ['', '28708', '4287082', '28708a', '287082\n', ' 287082', '２８７０８２']) {
      expect(totp.stepOf({ secret, code, now: at(59) })).toBeUndefined();
    }
  });

  it('have secrets of 160 bits, another each time', () => {
    const secrets = new Set(Array.from({ length: 50 }, totp.newSecret));
    expect(secrets.size).toBe(50);
    for (const made of secrets) expect(made).toMatch(/^[A-Z2-7]{32}$/);
  });
});

describe('the QR code', () => {
  it('tells an authenticator app all that it needs', async () => {
    const uri = totp.uriOf({ secret, account: 'ada+shop@example.test' });
    const png = PNG.sync.read(Buffer.from((await qrCodeOf(uri)).replace('data:image/png;base64,', ''), 'base64'));
    const scanned = new URL(jsqr.default(new Uint8ClampedArray(png.data), png.width, png.height)?.data ?? '');
    expect(scanned.href).toBe(uri);
    expect(`${scanned.protocol}//${scanned.host}`).toBe('otpauth://totp');
    expect(decodeURIComponent(scanned.pathname)).toBe('/Lamp & Sons:ada+shop@example.test');
    expect(Object.fromEntries(scanned.searchParams)).toMatchObject({ secret, issuer: 'Lamp & Sons' });
    for (const [name, usual] of [
      ['algorithm', 'SHA1'],
      ['digits', '6'],
      ['period', '30'],
    ] as const) {
      expect(scanned.searchParams.get(name) ?? usual).toBe(usual);
    }
  });
});
