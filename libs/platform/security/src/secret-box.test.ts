import { randomBytes } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createSecretBox } from './secret-box.ts';

const keyNamed = (kid: string) => ({ kty: 'oct' as const, kid, k: randomBytes(32).toString('base64url') });
const [old, fresh] = [keyNamed('k.2025'), keyNamed('k.2026')];
const box = createSecretBox({ keys: { keys: [old] } });

describe('sealed secrets', () => {
  it('open for their owner alone', () => {
    const sealed = box.seal('JBSWY3DPEHPK3PXP', 'u1');
    expect(sealed).not.toContain('JBSWY3DPEHPK3PXP');
    expect(box.open(sealed, 'u1')).toBe('JBSWY3DPEHPK3PXP');
    expect(() => box.open(sealed, 'u2')).toThrow();
    expect(box.seal('JBSWY3DPEHPK3PXP', 'u1')).not.toBe(sealed);
  });

  it('do not open when a single bit of them was changed', () => {
    const sealed = box.seal('secret', 'u1');
    const bytes = Buffer.from(sealed.slice('k.2025.'.length), 'base64url');
    for (let index = 0; index < bytes.length; index += 1) {
      const changed = Buffer.from(bytes);
      changed[index] = (changed[index] ?? 0) ^ 1;
      expect(() => box.open(`k.2025.${changed.toString('base64url')}`, 'u1')).toThrow();
    }
    for (const damaged of ['', 'k.2025', 'k.2025.', 'k.2025.AAAA', `k.2026.${bytes.toString('base64url')}`]) {
      expect(() => box.open(damaged, 'u1')).toThrow();
    }
  });

  it('survive a change of keys as long as the old one is kept', () => {
    const sealed = box.seal('secret', 'u1');
    const rotated = createSecretBox({ keys: { keys: [fresh, old] } });
    expect(rotated.open(sealed, 'u1')).toBe('secret');
    expect([box.isCurrent(sealed), rotated.isCurrent(sealed)]).toEqual([true, false]);
    expect(rotated.isCurrent(rotated.seal('secret', 'u1'))).toBe(true);
    expect(() => createSecretBox({ keys: { keys: [fresh] } }).open(sealed, 'u1')).toThrow(/k\.2025/);
  });

  it('need a key of 256 bits', () => {
    expect(() => createSecretBox({ keys: { keys: [] } })).toThrow();
    expect(() => createSecretBox({ keys: { keys: [{ ...old, k: 'c2hvcnQ' }] } })).toThrow(/32 bytes/);
  });
});
