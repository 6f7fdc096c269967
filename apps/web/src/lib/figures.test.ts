import { describe, expect, it } from 'vitest';
import { changeWords, followsOrders, formatCount, formatShare, inCurrency } from './figures.ts';

describe('figures in words', () => {
  it('are percents of basis points', () => {
    expect([formatShare(312), formatShare(0), formatShare(null)]).toEqual(['3.1%', '0%', '—']);
    expect(formatCount(12_345)).toBe('12,345');
  });

  it('say which way they went, also without colours', () => {
    expect(changeWords(1_250, 9)).toEqual({ text: '+12.5%', spoken: 'up by 12.5%', direction: 'up' });
    expect(changeWords(-10_000, 0)).toMatchObject({ text: '−100%', direction: 'down' });
    expect(changeWords(0, 9)).toMatchObject({ spoken: 'unchanged', direction: 'same' });
    expect(changeWords(null, 9)).toMatchObject({ text: 'new', direction: 'up' });
    expect(changeWords(null, -9)).toMatchObject({ text: 'new', direction: 'down' });
    expect(changeWords(null, 0)).toBeNull();
  });

  it('are those of the currency that was picked, of the shop’s own while none was', () => {
    const all = [{ currency: 'USD' }, { currency: 'EUR' }];
    expect(inCurrency(all, 'EUR')).toBe(all[1]);
    expect(inCurrency(all, 'CHF')).toBeUndefined();
    expect(inCurrency(all, undefined)).toBe(all[0]);
  });

  it('are read again with new orders where orders change them', () => {
    const key = (name: string) => [['admin', 'analytics', name], { input: {}, type: 'query' }];
    const follow = ['overview', 'revenue', 'topSelling', 'couponUse', 'conversion'];
    expect(follow.every((name) => followsOrders(key(name)))).toBe(true);
    expect([key('highestRated'), key('lowStock'), [['catalog', 'home']], ['overview'], []].some(followsOrders)).toBe(
      false,
    );
  });
});
