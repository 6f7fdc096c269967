import { describe, expect, it } from 'vitest';
import { changeWords, formatCount, formatShare, inCurrency } from './figures.ts';

describe('figures in words', () => {
  it('are percents of basis points', () => {
    expect([formatShare(312), formatShare(0), formatShare(null)]).toEqual(['3.1%', '0%', '—']);
    expect(formatCount(12_345)).toBe('12,345');
  });

  it('say which way they went, also without colours', () => {
    expect(changeWords(1_250, true)).toEqual({ text: '+12.5%', spoken: 'up by 12.5%', direction: 'up' });
    expect(changeWords(-10_000, false)).toMatchObject({ text: '−100%', direction: 'down' });
    expect(changeWords(0, true)).toMatchObject({ spoken: 'unchanged', direction: 'same' });
    expect(changeWords(null, true)).toMatchObject({ text: 'new' });
    expect(changeWords(null, false)).toBeNull();
  });

  it('are those of a currency, else of the shop’s own', () => {
    const all = [{ currency: 'USD' }, { currency: 'EUR' }];
    expect(inCurrency(all, 'EUR')).toBe(all[1]);
    expect(inCurrency(all, 'CHF')).toBe(all[0]);
    expect(inCurrency(all, undefined)).toBe(all[0]);
  });
});
