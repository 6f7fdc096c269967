import { addMoney, currencyInfo, money, sumMoney } from '@cartwright/domain-money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { allocateRefund, calculatePricing, calculateRefund, refundableAmount } from './index.ts';
import type { Pricing, PricingInput, RefundParts, RefundRequest } from './index.ts';

const currencies = ['USD', 'JPY', 'KWD'] as const;

function priced(rest: Partial<PricingInput> = {}): Pricing {
  return calculatePricing({
    currency: 'USD',
    lines: [
      { lineId: 'a', unitPrice: 333, quantity: 3, taxClass: 'standard', eligibleForCoupon: true },
      { lineId: 'b', unitPrice: 1_000, quantity: 1, taxClass: 'standard', eligibleForCoupon: false },
    ],
    discount: { kind: 'fixed', amount: 100 },
    shipping: { label: 'Standard', amount: 599, taxClass: 'standard' },
    tax: { mode: 'exclusive', rates: { standard: 825 } },
    ...rest,
  });
}

const orders = fc
  .record({
    currency: fc.constantFrom(...currencies),
    mode: fc.constantFrom('exclusive' as const, 'inclusive' as const),
    rate: fc.integer({ min: 0, max: 2_500 }),
    lines: fc.array(fc.record({ unit: fc.integer({ min: 0, max: 5_000 }), quantity: fc.integer({ min: 1, max: 9 }) }), {
      minLength: 1,
      maxLength: 5,
    }),
    shipping: fc.integer({ min: 0, max: 900 }),
    discount: fc.integer({ min: 0, max: 9_000 }),
  })
  .map(({ currency, mode, rate, lines, shipping, discount }) => {
    const { quantum } = currencyInfo(currency);
    return calculatePricing({
      currency,
      lines: lines.map(({ unit, quantity }, index) => ({
        lineId: `l${index}`,
        unitPrice: unit * quantum,
        quantity,
        taxClass: 'standard',
        eligibleForCoupon: index !== 1,
      })),
      discount: { kind: 'fixed', amount: discount * quantum },
      shipping: { label: 'Standard', amount: shipping * quantum, taxClass: 'standard' },
      tax: { mode, rates: { standard: rate } },
    });
  });

/** What refunds gave back of a line: pieces, amount and tax. */
function givenBack(refunds: readonly RefundParts[], lineId: string, currency: string) {
  const parts = refunds.flatMap(({ lines }) => lines.filter((line) => line.lineId === lineId));
  return {
    quantity: parts.reduce((sum, part) => sum + part.quantity, 0),
    amount: sumMoney(
      parts.map((part) => part.amount),
      currency,
    ).amount,
    tax: sumMoney(
      parts.map((part) => part.tax),
      currency,
    ).amount,
  };
}

/** The refund, or null where there is nothing to give back. */
function attempt(pricing: Pricing, earlier: readonly RefundParts[], request: RefundRequest) {
  try {
    return calculateRefund(pricing, earlier, request);
  } catch (error) {
    if ((error as { reason?: string }).reason === 'REFUND_NOT_POSSIBLE') return null;
    throw error;
  }
}

describe('calculateRefund', () => {
  it('gives single pieces back that sum to the line', () => {
    const pricing = priced();
    const singles: RefundParts[] = [];
    for (let piece = 0; piece < 3; piece += 1) {
      singles.push(calculateRefund(pricing, singles, { lines: [{ lineId: 'a', quantity: 1 }] }));
    }
    const [line] = pricing.lines;
    expect(givenBack(singles, 'a', 'USD')).toEqual({
      quantity: 3,
      amount: line?.total.amount,
      tax: line?.tax.amount,
    });
    expect(singles.map(({ lines }) => lines[0]?.amount.amount)).toEqual([324, 325, 324]);
  });

  it('takes shipping and a goodwill amount, and all that is left', () => {
    const pricing = priced();
    const shipping = calculateRefund(pricing, [], { shipping: true });
    expect(shipping).toMatchObject({ lines: [], amount: { amount: 648 }, tax: { amount: 49 } });
    const goodwill = calculateRefund(pricing, [shipping], { amount: money(500, 'USD') });
    expect(goodwill.amount.amount).toBe(500);
    expect(goodwill.shipping).toBeNull();
    expect(goodwill.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual([
      ['a', 0],
      ['b', 0],
    ]);
    const rest = calculateRefund(pricing, [shipping, goodwill], { full: true });
    expect(rest.lines.map(({ lineId, quantity }) => [lineId, quantity])).toEqual([
      ['a', 3],
      ['b', 1],
    ]);
    expect(addMoney(addMoney(shipping.amount, goodwill.amount), rest.amount)).toEqual(pricing.total);
    expect(refundableAmount(pricing, [shipping, goodwill, rest]).amount).toBe(0);
  });

  it('shares what goodwill left of a line by the pieces left', () => {
    const pricing = priced({ discount: undefined, shipping: undefined, tax: { mode: 'inclusive', rates: {} } });
    const goodwill = calculateRefund(pricing, [], { amount: money(1_001, 'USD') });
    const one = calculateRefund(pricing, [goodwill], { lines: [{ lineId: 'a', quantity: 1 }] });
    const two = calculateRefund(pricing, [goodwill, one], { lines: [{ lineId: 'a', quantity: 2 }] });
    const left = 999 - givenBack([goodwill], 'a', 'USD').amount;
    expect(one.amount.amount).toBe(Math.round(left / 3));
    expect(one.amount.amount + two.amount.amount).toBe(left);
  });

  it.each<[string, RefundRequest, string]>([
    ['nothing', {}, 'REFUND_NOT_POSSIBLE'],
    ['too many pieces', { lines: [{ lineId: 'a', quantity: 4 }] }, 'QUANTITY_EXCEEDED'],
    ['half a piece', { lines: [{ lineId: 'a', quantity: 0.5 }] }, 'INVALID_INPUT'],
    ['no piece', { lines: [{ lineId: 'a', quantity: 0 }] }, 'INVALID_INPUT'],
    ['a line of another order', { lines: [{ lineId: 'z', quantity: 1 }] }, 'INVALID_INPUT'],
    [
      'a line twice',
      {
        lines: [
          { lineId: 'a', quantity: 1 },
          { lineId: 'a', quantity: 1 },
        ],
      },
      'INVALID_INPUT',
    ],
    ['more than was paid', { amount: money(2_705, 'USD') }, 'REFUND_EXCEEDS_PAID'],
    [
      'more than pieces leave',
      { lines: [{ lineId: 'b', quantity: 1 }], amount: money(1_700, 'USD') },
      'REFUND_EXCEEDS_PAID',
    ],
    ['an amount of nothing', { amount: money(0, 'USD') }, 'INVALID_INPUT'],
    ['an amount below nothing', { amount: money(-1, 'USD') }, 'INVALID_INPUT'],
    ['another currency', { amount: money(1, 'EUR') }, 'CURRENCY_MISMATCH'],
  ])('refuses %s', (_name, request, reason) => {
    expect(priced().total.amount).toBe(2_704);
    expect(() => calculateRefund(priced(), [], request)).toThrowError(expect.objectContaining({ reason }));
  });

  it('refuses an amount that no coin can pay', () => {
    const pricing = priced({ currency: 'KWD', discount: undefined });
    expect(() => calculateRefund(pricing, [], { amount: money(15, 'KWD') })).toThrowError('INVALID_INPUT');
    expect(calculateRefund(pricing, [], { amount: money(20, 'KWD') }).amount.amount).toBe(20);
  });
});

describe('refunds, for every order', () => {
  it('of single pieces equal the line and its tax exactly', () => {
    fc.assert(
      fc.property(orders, (pricing) => {
        const refunds: RefundParts[] = [];
        for (const { lineId, quantity } of pricing.lines) {
          for (let piece = 0; piece < quantity; piece += 1) {
            refunds.push(calculateRefund(pricing, refunds, { lines: [{ lineId, quantity: 1 }] }));
          }
        }
        for (const { lineId, quantity, total, tax } of pricing.lines) {
          const given = { quantity, amount: total.amount, tax: tax.amount };
          expect(givenBack(refunds, lineId, pricing.currency)).toEqual(given);
        }
      }),
    );
  });

  it('of pieces come to the same, however they are bundled', () => {
    fc.assert(
      fc.property(orders, fc.integer({ min: 1, max: 8 }), (pricing, first) => {
        const [line] = pricing.lines;
        if (!line || line.quantity <= first) return;
        const bundle = calculateRefund(pricing, [], { lines: [{ lineId: line.lineId, quantity: first }] });
        const singles: RefundParts[] = [];
        for (let piece = 0; piece < first; piece += 1) {
          singles.push(calculateRefund(pricing, singles, { lines: [{ lineId: line.lineId, quantity: 1 }] }));
        }
        expect(givenBack(singles, line.lineId, pricing.currency)).toMatchObject({
          amount: bundle.amount.amount,
          tax: bundle.tax.amount,
        });
      }),
    );
  });

  it('never exceed what was paid, whatever is asked for, fails and is asked for again', () => {
    const requests = fc.array(
      fc.record({
        line: fc.nat(4),
        quantity: fc.integer({ min: 0, max: 4 }),
        shipping: fc.boolean(),
        goodwill: fc.integer({ min: 0, max: 3_000 }),
        fails: fc.boolean(),
        external: fc.boolean(),
      }),
      { maxLength: 12 },
    );
    fc.assert(
      fc.property(orders, requests, (pricing, wishes) => {
        const { currency } = pricing;
        const { quantum } = currencyInfo(currency);
        let standing: RefundParts[] = [];
        for (const wish of wishes) {
          const lineId = `l${wish.line}`;
          let refund: RefundParts | undefined;
          try {
            const amount = wish.goodwill === 0 ? undefined : money(wish.goodwill * quantum, currency);
            const lines = wish.quantity === 0 ? [] : [{ lineId, quantity: wish.quantity }];
            refund =
              wish.external && amount
                ? allocateRefund(pricing, standing, amount)
                : calculateRefund(pricing, standing, { lines, shipping: wish.shipping, amount });
          } catch (error) {
            expect(['REFUND_EXCEEDS_PAID', 'REFUND_NOT_POSSIBLE', 'QUANTITY_EXCEEDED', 'INVALID_INPUT']).toContain(
              (error as { reason?: string }).reason,
            );
          }
          if (refund) standing.push(refund);
          if (wish.fails) standing = standing.slice(1);
          expect(refundableAmount(pricing, standing).amount).toBeGreaterThanOrEqual(0);
        }
        for (const part of standing.flatMap(({ lines, shipping }) => [...lines, ...(shipping ? [shipping] : [])])) {
          expect(part.tax.amount).toBeGreaterThanOrEqual(0);
          expect(part.tax.amount).toBeLessThanOrEqual(part.amount.amount);
        }
        for (const line of pricing.lines) {
          const given = givenBack(standing, line.lineId, currency);
          expect(given.amount).toBeLessThanOrEqual(line.total.amount);
          expect(given.quantity).toBeLessThanOrEqual(line.quantity);
        }
        const rest = attempt(pricing, standing, { full: true });
        const all = rest ? [...standing, rest] : standing;
        expect(refundableAmount(pricing, all).amount).toBe(0);
      }),
    );
  });

  it('that fail nowhere give all the tax back with all the money', () => {
    const amounts = fc.array(fc.integer({ min: 1, max: 2_000 }), { maxLength: 6 });
    fc.assert(
      fc.property(orders, amounts, (pricing, wishes) => {
        const refunds: RefundParts[] = [];
        for (const wish of wishes) {
          const amount = money(wish * currencyInfo(pricing.currency).quantum, pricing.currency);
          refunds.push(allocateRefund(pricing, refunds, amount));
        }
        const rest = attempt(pricing, refunds, { full: true });
        if (rest) refunds.push(rest);
        for (const { lineId, tax } of pricing.lines) {
          expect(givenBack(refunds, lineId, pricing.currency).tax).toBe(tax.amount);
        }
      }),
    );
  });
});

describe('allocateRefund', () => {
  it('takes no more than there is, and nothing in another currency', () => {
    const pricing = priced();
    const { lines, shipping } = allocateRefund(pricing, [], money(99_999, 'USD'));
    const all = [...lines, ...(shipping ? [shipping] : [])].reduce((sum, part) => sum + part.amount.amount, 0);
    expect(all).toBe(pricing.total.amount);
    expect(allocateRefund(pricing, [], money(100, 'EUR'))).toEqual({ lines: [], shipping: null });
    expect(allocateRefund(pricing, [{ lines, shipping }], money(100, 'USD'))).toEqual({ lines: [], shipping: null });
  });
});
