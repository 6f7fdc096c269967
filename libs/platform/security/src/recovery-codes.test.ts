import { describe, expect, it } from 'vitest';
import { hashRecoveryCode, newRecoveryCodes } from './recovery-codes.ts';

describe('recovery codes', () => {
  it('are ten, all different, and easy to write down', () => {
    const codes = newRecoveryCodes();
    expect(new Set(codes).size).toBe(10);
    for (const code of codes) expect(code).toMatch(/^[0-9a-hjkmnp-tv-z]{4}(-[0-9a-hjkmnp-tv-z]{4}){2}$/);
  });

  it('are known again however they are typed, and by nobody else', () => {
    const hash = hashRecoveryCode('ab01-cd11-0xyz', 'u1');
    for (const typed of ['AB01CD110XYZ', ' ab01 cd11 0xyz ', 'abOl-cdI1-oxyz']) {
      expect(hashRecoveryCode(typed, 'u1')).toBe(hash);
    }
    expect(hashRecoveryCode('ab01-cd11-0xyz', 'u2')).not.toBe(hash);
    expect(hashRecoveryCode('ab01-cd11-0xy2', 'u1')).not.toBe(hash);
  });
});
