import { describe, expect, it } from 'vitest';
import { effectiveUnitPrice } from './index.ts';

const now = new Date('2026-05-01T12:00:00Z');
const before = new Date('2026-05-01T11:59:59Z');
const after = new Date('2026-05-01T12:00:01Z');
const full = { unitPrice: 1000, onSale: false };
const sale = { unitPrice: 800, compareAt: 1000, onSale: true };

describe('effectiveUnitPrice', () => {
  it.each([
    ['no sale', {}, full],
    ['null from a document', { salePrice: null, saleFrom: null, saleUntil: null }, full],
    ['an undated sale', { salePrice: 800 }, sale],
    ['a sale that is not lower', { salePrice: 1000 }, full],
    ['a sale not begun', { salePrice: 800, saleFrom: after }, full],
    ['a sale beginning now', { salePrice: 800, saleFrom: now }, sale],
    ['a running sale', { salePrice: 800, saleFrom: before, saleUntil: after }, sale],
    ['a sale ending now', { salePrice: 800, saleUntil: now }, full],
    ['a sale that is over', { salePrice: 800, saleUntil: before }, full],
  ])('handles %s', (_name, prices, expected) => {
    expect(effectiveUnitPrice({ price: 1000, ...prices }, now)).toEqual(expected);
  });
});
