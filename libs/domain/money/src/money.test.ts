import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  addMoney,
  allocateByLargestRemainder,
  applyBasisPoints,
  compareMoney,
  currencyInfo,
  equalMoney,
  formatMoney,
  isCurrency,
  minMoney,
  money,
  multiplyMoney,
  negateMoney,
  proportionOf,
  subtractMoney,
  sumMoney,
  toDecimalString,
  zeroMoney,
} from './index.ts';

const usd = (amount: number) => money(amount, 'USD');
const amounts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 });

describe('money', () => {
  it.each([0.5, NaN, Infinity, 2 ** 53, -(2 ** 53)])('refuses %s', (amount) => {
    expect(() => usd(amount)).toThrowError('INVALID_INPUT');
  });

  it('turns −0 into 0', () => {
    expect(Object.is(usd(-0).amount, 0)).toBe(true);
    expect(Object.is(negateMoney(usd(0)).amount, 0)).toBe(true);
  });

  it('refuses unknown currencies', () => {
    expect(() => money(1, 'usd')).toThrowError('INVALID_INPUT');
    expect(isCurrency('XXX')).toBe(false);
    expect(isCurrency('constructor')).toBe(false);
  });

  it.each([addMoney, subtractMoney, compareMoney, minMoney])('never mixes currencies', (operation) => {
    expect(() => operation(usd(1), money(1, 'EUR'))).toThrowError('CURRENCY_MISMATCH');
  });

  it('adds, subtracts and sums exactly', () => {
    fc.assert(
      fc.property(amounts, amounts, (a, b) => {
        expect(subtractMoney(addMoney(usd(a), usd(b)), usd(b))).toEqual(usd(a));
        expect(sumMoney([usd(a), usd(b)], 'USD').amount).toBe(a + b);
        expect(compareMoney(usd(a), usd(b))).toBe(Math.sign(a - b));
      }),
    );
    expect(sumMoney([], 'USD')).toEqual(zeroMoney('USD'));
  });

  it('refuses a product beyond the safe integers instead of rounding it', () => {
    expect(() => multiplyMoney(usd(Number.MAX_SAFE_INTEGER), 2)).toThrowError('INVALID_INPUT');
    expect(() => multiplyMoney(usd(2), 1.5)).toThrowError('INVALID_INPUT');
    expect(multiplyMoney(usd(333), 3)).toEqual(usd(999));
  });
});

describe('currencyInfo', () => {
  it.each([
    ['USD', 2, 1, 1],
    ['JPY', 0, 1, 1],
    ['KWD', 3, 10, 1],
    ['ISK', 0, 1, 100],
    ['UGX', 0, 1, 100],
  ])('%s has exponent %i, quantum %i, Stripe factor %i', (code, exponent, quantum, stripeFactor) => {
    expect(currencyInfo(code)).toEqual({ code, exponent, quantum, stripeFactor });
  });
});

describe('applyBasisPoints', () => {
  it.each([
    [1050, 1000, 105],
    [5, 1000, 1],
    [4, 1000, 0],
    [-5, 1000, 0],
    [-6, 1000, -1],
    [999, 825, 82],
    [0, 10_000, 0],
  ])('takes of %i at %i basis points %i', (amount, basisPoints, expected) => {
    expect(applyBasisPoints(usd(amount), basisPoints)).toEqual(usd(expected));
  });

  it('rounds to the quantum, once', () => {
    expect(applyBasisPoints(money(1_000, 'KWD'), 125)).toEqual(money(10, 'KWD'));
    expect(applyBasisPoints(money(1_000, 'KWD'), 150)).toEqual(money(20, 'KWD'));
  });

  it('is off by half a step at most, and exact beyond what floats can do', () => {
    fc.assert(
      fc.property(fc.maxSafeInteger(), fc.integer({ min: 0, max: 10_000 }), (amount, basisPoints) => {
        const doubled = 2n * (BigInt(applyBasisPoints(usd(amount), basisPoints).amount) * 10_000n);
        const error = doubled - 2n * BigInt(amount) * BigInt(basisPoints);
        expect(error > -10_000n && error <= 10_000n).toBe(true);
      }),
    );
  });

  it('needs whole rates', () => {
    expect(() => applyBasisPoints(usd(1), 0.5)).toThrowError('INVALID_INPUT');
    expect(() => proportionOf(usd(1), 1, 0)).toThrowError('INVALID_INPUT');
  });
});

describe('allocateByLargestRemainder', () => {
  it('gives ties to the lower index', () => {
    expect(allocateByLargestRemainder(usd(100), [1, 1, 1]).map((part) => part.amount)).toEqual([34, 33, 33]);
    expect(allocateByLargestRemainder(usd(-100), [1, 1, 1]).map((part) => part.amount)).toEqual([-34, -33, -33]);
  });

  it('prefers the larger remainder to the lower index', () => {
    expect(allocateByLargestRemainder(usd(10), [10, 15, 10]).map((part) => part.amount)).toEqual([3, 4, 3]);
    expect(allocateByLargestRemainder(usd(1), [1, 2, 1]).map((part) => part.amount)).toEqual([0, 1, 0]);
  });

  it('keeps whole quanta', () => {
    expect(allocateByLargestRemainder(money(100, 'KWD'), [1000, 1000, 1000]).map((part) => part.amount)).toEqual([
      40, 30, 30,
    ]);
  });

  it('leaves nothing for nobody', () => {
    expect(allocateByLargestRemainder(usd(0), [0, 0])).toEqual([usd(0), usd(0)]);
    expect(() => allocateByLargestRemainder(usd(1), [0])).toThrowError('INVALID_INPUT');
    expect(() => allocateByLargestRemainder(usd(1), [])).toThrowError('INVALID_INPUT');
    expect(() => allocateByLargestRemainder(usd(1), [-1, 2])).toThrowError('INVALID_INPUT');
  });

  it('sums exactly, stays within each weight and within a step of the exact share', () => {
    const weights = fc.array(fc.integer({ min: 0, max: 10_000_000 }), { minLength: 1, maxLength: 60 });
    const currency = fc.constantFrom('USD', 'JPY', 'KWD');
    fc.assert(
      fc.property(weights, fc.double({ min: 0, max: 1, noNaN: true }), currency, (list, part, code) => {
        const { quantum } = currencyInfo(code);
        const scaled = list.map((weight) => weight * quantum);
        const sum = scaled.reduce((a, b) => a + b, 0);
        const total = Math.floor((sum / quantum) * part) * quantum;
        const parts = allocateByLargestRemainder(money(total, code), scaled);
        expect(sumMoney(parts, code).amount).toBe(total);
        parts.forEach((share, index) => {
          const weight = scaled[index] ?? 0;
          expect(share.amount).toBeLessThanOrEqual(weight);
          expect(share.amount % quantum).toBe(0);
          if (sum > 0) expect(Math.abs(share.amount - (total * weight) / sum)).toBeLessThanOrEqual(quantum + 1e-6);
        });
      }),
    );
  });
});

describe('formatting', () => {
  it.each([
    [1230, 'USD', '12.30'],
    [-5, 'USD', '-0.05'],
    [500, 'JPY', '500'],
    [1_010, 'KWD', '1.010'],
    [Number.MAX_SAFE_INTEGER, 'USD', '90071992547409.91'],
  ])('%i %s is %s', (amount, currency, expected) => {
    expect(toDecimalString(money(amount, currency))).toBe(expected);
  });

  it('follows the locale', () => {
    expect(formatMoney(usd(123456), 'en-US')).toBe('$1,234.56');
    expect(formatMoney(money(1500, 'JPY'), 'en-US')).toBe('¥1,500');
  });
});

describe('comparing', () => {
  it('knows equal amounts of one currency, and which is less', () => {
    const [one, two] = [money(100, 'USD'), money(200, 'USD')];
    expect([equalMoney(one, money(100, 'USD')), equalMoney(one, two), equalMoney(one, money(100, 'EUR'))]).toEqual([
      ...[true, false, false],
    ]);
    expect([minMoney(one, two), minMoney(two, one)]).toEqual([one, one]);
    expect(negateMoney(one)).toEqual({ amount: -100, currency: 'USD' });
    expect(negateMoney(negateMoney(one))).toEqual(one);
    expect(() => minMoney(one, money(1, 'EUR'))).toThrowError(
      expect.objectContaining({ reason: 'CURRENCY_MISMATCH', details: { expected: 'USD', actual: 'EUR' } }),
    );
  });

  it('knows currencies', () => {
    expect(['USD', 'usd', 'XXX', '', 840, null].map(isCurrency)).toEqual([true, false, false, false, false, false]);
  });
});

describe('what is left over', () => {
  const parts = (total: number, weights: number[], currency = 'USD') =>
    allocateByLargestRemainder(money(total, currency), weights).map(({ amount }) => amount);

  it('goes to the largest remainders, and of equal ones to the first', () => {
    expect(parts(2, [1, 1, 1, 1])).toEqual([1, 1, 0, 0]);
    expect(parts(10, [30, 33, 37])).toEqual([3, 3, 4]);
    expect(parts(-2, [1, 1, 1])).toEqual([-1, -1, 0]);
    expect(parts(0, [1, 1])).toEqual([0, 0]);
  });

  it('is a whole coin as long as total and weights are', () => {
    expect(parts(100, [10, 10, 10], 'KWD')).toEqual([40, 30, 30]);
    expect(parts(100, [5, 10, 10], 'KWD')).toEqual([20, 40, 40]);
    expect(parts(100, [10, 10, 9], 'KWD')).toEqual([35, 34, 31]);
    expect(parts(95, [10, 10, 10], 'KWD')).toEqual([32, 32, 31]);
  });
});
