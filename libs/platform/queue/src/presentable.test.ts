import { describe, expect, it } from 'vitest';
import { presentable, presentableText } from './presentable.ts';

describe('what people see of a payload', () => {
  it('shows ids and figures, and neither addresses nor credentials', () => {
    const shown = presentable({
      orderId: '507f1f77bcf86cd799439011',
      amount: 12,
      to: 'ada.lovelace@example.com',
      resetToken: 'x',
      nested: [{ refreshToken: 5, note: 'write to bob@example.org or use eyJhbGciOiJFZERTQSJ9.eyJzdWIiOiIxIn0.c2ln' }],
    });
    expect(shown).toEqual({
      orderId: '507f1f77bcf86cd799439011',
      amount: 12,
      to: 'a***@e***',
      resetToken: '[hidden]',
      nested: [{ refreshToken: '[hidden]', note: 'write to b***@e*** or use [hidden]' }],
    });
  });

  it('is bounded', () => {
    const loop: Record<string, unknown> = { many: Array.from({ length: 1_000 }, () => 'x') };
    loop.self = loop;
    expect(JSON.stringify(presentable(loop)).length).toBeLessThan(3_000);
    expect(presentableText('lorem ipsum '.repeat(1_000)).length).toBeLessThan(600);
  });
});
