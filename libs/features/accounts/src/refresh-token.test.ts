import { describe, expect, it } from 'vitest';
import { createRefreshTokens } from './refresh-token.ts';

const tokens = createRefreshTokens({ key: 'k'.repeat(32) });
const sessionId = 's'.repeat(22);

describe('refresh tokens', () => {
  it('have one successor, of the same session', () => {
    const first = tokens.first(sessionId);
    expect(tokens.successor(first)).toEqual(tokens.successor(first));
    expect(tokens.successor(first)).toMatchObject({ sessionId });
    expect(tokens.successor(first).secret).not.toBe(first.secret);
    expect(tokens.parse(tokens.format(tokens.successor(first)))).toEqual(tokens.successor(first));
  });

  it('are known for ours by their seal', () => {
    const text = tokens.format(tokens.first(sessionId));
    const another = createRefreshTokens({ key: 'x'.repeat(32) });
    const [id, secret, seal] = text.split('.');
    const wrong = [
      '',
      `${id}.${secret}`,
      `${id}.${secret}.`,
      `${'t'.repeat(22)}.${secret}.${seal}`,
      `${text}.x`,
      another.format(another.first(sessionId)),
      'a.b.c',
    ];
    for (const forged of wrong) expect(tokens.parse(forged)).toBeUndefined();
  });
});
