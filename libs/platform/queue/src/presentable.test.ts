import { describe, expect, it } from 'vitest';
import { presentable, presentableText } from './presentable.ts';

describe('what people see of a payload', () => {
  it('shows ids, figures, moments and the names of ours', () => {
    const payload = {
      orderId: '507f1f77bcf86cd799439011',
      mailId: 'order.paid:507f1f77bcf86cd799439011/3',
      handler: 'notifications.tell-order.paid',
      ids: ['507f1f77bcf86cd799439012'],
      amount: 12,
      isFirst: true,
      until: null,
      holdExpiresAt: '2026-05-01T12:00:00.000Z',
    };
    expect(presentable(payload)).toEqual(payload);
  });

  it('shows nothing of people, whatever the fields are called', () => {
    const shown = presentable({
      to: 'ada.lovelace@example.com',
      customerId: 'Ada Lovelace',
      type: 'Ada',
      name: 'ada',
      address: { line1: '12 analytical row', city: 'portland', lines: ['12', 'row'] },
      resetToken: '507f1f77bcf86cd799439011',
      nested: [{ refreshToken: 5, note: 'write to bob@example.org' }],
    });
    expect(shown).toEqual({
      to: '[hidden]',
      customerId: '[hidden]',
      type: '[hidden]',
      name: '[hidden]',
      address: { line1: '[hidden]', city: '[hidden]', lines: ['[hidden]', '[hidden]'] },
      resetToken: '[hidden]',
      nested: [{ refreshToken: '[hidden]', note: '[hidden]' }],
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
