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

  it('has no name that serializers refuse, and blurs addresses in names, too', () => {
    const poisoned = JSON.parse('{"constructor":1,"prototype":{},"__proto__":{"a":1},"ada@example.com":2}') as unknown;
    expect(presentable(poisoned)).toEqual({
      '[constructor]': 1,
      '[prototype]': {},
      '[__proto__]': { a: 1 },
      'a***@e***': 2,
    });
  });

  it('blurs what stands over the end that is shown', () => {
    expect(presentableText(`${'- '.repeat(248)}ada.lovelace@example.com`)).not.toContain('lovelace');
  });

  it('is bounded', () => {
    const loop: Record<string, unknown> = { many: Array.from({ length: 1_000 }, () => 'x') };
    loop.self = loop;
    expect(JSON.stringify(presentable(loop)).length).toBeLessThan(3_000);
    expect(presentableText('lorem ipsum '.repeat(1_000)).length).toBeLessThan(600);
  });
});
