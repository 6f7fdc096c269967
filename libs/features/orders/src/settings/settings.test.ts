import { describe, expect, it } from 'vitest';
import {
  addClass,
  addMethod,
  addRate,
  changeRate,
  removeClass,
  removeMethod,
  removeRate,
  renameClass,
  replaceMethod,
  withLimits,
  type ShopRules,
} from './settings.ts';

const facts = { currency: 'USD', countries: ['US', 'DE'] };
const standard = { id: 'standard', label: 'Standard', amount: 599, taxClass: 'standard' };
const rules: ShopRules = {
  limits: {
    ...{ stockHoldSeconds: 60, orderExpirySeconds: 120 },
    ...{ maximumPendingOrders: 5, maximumPendingPerNetwork: 20 },
  },
  shipping: [standard],
  taxClasses: [
    { id: 'standard', label: 'Standard' },
    { id: 'books', label: 'Books' },
  ],
  taxRates: [
    { taxClass: 'standard', basisPoints: 800 },
    { taxClass: 'books', country: 'DE', basisPoints: 700 },
  ],
};

describe('limits', () => {
  it('change one by one, and hold no stock for longer than an order lives', () => {
    expect(withLimits(rules, { stockHoldSeconds: 120 }).limits).toEqual({ ...rules.limits, stockHoldSeconds: 120 });
    expect(withLimits(rules, { stockHoldSeconds: undefined }).limits).toEqual(rules.limits);
    expect(() => withLimits(rules, { stockHoldSeconds: 121 })).toThrowError('INVALID_INPUT');
    expect(() => withLimits(rules, { orderExpirySeconds: 59 })).toThrowError('INVALID_INPUT');
  });
});

describe('shipping methods', () => {
  const express = { id: 'express', label: 'Express', amount: 1_499, freeFrom: 10_000, taxClass: 'books' };

  it('are added, changed in their place, and removed but for the last', () => {
    const more = addMethod(rules, express, facts);
    expect(more.shipping).toEqual([standard, express]);
    const { freeFrom: _, ...changed } = { ...express, amount: 0, countries: ['DE'] };
    expect(replaceMethod(more, changed, facts).shipping).toEqual([standard, changed]);
    expect(removeMethod(more, 'standard').shipping).toEqual([express]);
    expect(() => removeMethod(rules, 'standard')).toThrowError('LAST_SHIPPING_METHOD');
  });

  it('are refused with a name that is taken, an unknown class or country, and in part-coins', () => {
    expect(() => addMethod(rules, standard, facts)).toThrowError('CODE_TAKEN');
    expect(() => addMethod(rules, { ...express, taxClass: 'none' }, facts)).toThrowError('INVALID_INPUT');
    expect(() => addMethod(rules, { ...express, countries: ['FR'] }, facts)).toThrowError('INVALID_INPUT');
    const kuwait = { ...facts, currency: 'KWD' };
    expect(() => addMethod(rules, { ...express, amount: 1_495 }, kuwait)).toThrowError('INVALID_INPUT');
    expect(() => addMethod(rules, { ...express, amount: 1_490, freeFrom: 5 }, kuwait)).toThrowError('INVALID_INPUT');
    expect(addMethod(rules, { ...express, amount: 1_490 }, kuwait).shipping).toHaveLength(2);
    expect(() => replaceMethod(rules, express, facts)).toThrowError('NOT_FOUND');
    expect(() => removeMethod(rules, 'express')).toThrowError('NOT_FOUND');
  });

  it('are bounded in number', () => {
    const many = { ...rules, shipping: Array.from({ length: 500 }, (_, index) => ({ ...standard, id: `m${index}` })) };
    expect(() => addMethod(many, express, facts)).toThrowError('INVALID_INPUT');
  });
});

describe('tax', () => {
  it('has classes that are in use or standard and stay, and others that go with their rates', () => {
    const zero = { id: 'zero', label: 'Zero' };
    expect(addClass(rules, zero).taxClasses.at(-1)).toEqual(zero);
    expect(() => addClass(rules, { id: 'books', label: 'B' })).toThrowError('CODE_TAKEN');
    expect(renameClass(rules, { id: 'books', label: 'Print' }).taxClasses[1]?.label).toBe('Print');
    expect(() => renameClass(rules, zero)).toThrowError('NOT_FOUND');
    expect(removeClass(rules, 'books')).toMatchObject({
      taxClasses: [{ id: 'standard' }],
      taxRates: [{ taxClass: 'standard' }],
    });
    expect(() => removeClass(rules, 'standard')).toThrowError('IN_USE');
    const used = replaceMethod(rules, { ...standard, taxClass: 'books' }, facts);
    expect(() => removeClass(used, 'books')).toThrowError('IN_USE');
    expect(() => removeClass(rules, 'zero')).toThrowError('NOT_FOUND');
  });

  it('has one rate by class and country', () => {
    const rate = { taxClass: 'standard', country: 'DE', basisPoints: 1_900 };
    expect(addRate(rules, rate, facts).taxRates.at(-1)).toEqual(rate);
    expect(() => addRate(rules, { taxClass: 'books', country: 'DE', basisPoints: 1 }, facts)).toThrowError(
      'CODE_TAKEN',
    );
    expect(() => addRate(rules, { taxClass: 'standard', basisPoints: 1 }, facts)).toThrowError('CODE_TAKEN');
    expect(() => addRate(rules, { ...rate, country: 'FR' }, facts)).toThrowError('INVALID_INPUT');
    expect(() => addRate(rules, { ...rate, taxClass: 'none' }, facts)).toThrowError('INVALID_INPUT');
    expect(changeRate(rules, 'DE-books', 500).taxRates[1]?.basisPoints).toBe(500);
    expect(removeRate(rules, 'DE-books').taxRates).toHaveLength(1);
    expect(() => changeRate(rules, 'DE-standard', 1)).toThrowError('NOT_FOUND');
    expect(() => removeRate(rules, 'DE-standard')).toThrowError('NOT_FOUND');
  });
});
