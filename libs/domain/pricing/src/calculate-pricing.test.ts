import { currencyInfo, sumMoney } from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { calculatePricing } from './index.ts';
import type { PriceDiscount, Pricing, PricingInput } from './index.ts';

const usd = (amount: number): Money => ({ amount, currency: 'USD' });
const exclusive: PricingInput['tax'] = { mode: 'exclusive', rates: { standard: 1000, reduced: 500 } };

function line(lineId: string, unitPrice: number, quantity = 1, rest: Partial<PricingInput['lines'][number]> = {}) {
  return { lineId, unitPrice, quantity, taxClass: 'standard', eligibleForCoupon: true, ...rest };
}

describe('calculatePricing', () => {
  it('explains a whole order', () => {
    const pricing = calculatePricing({
      currency: 'USD',
      lines: [
        line('a', 1000, 2),
        line('b', 500, 1, { taxClass: 'reduced' }),
        line('c', 333, 1, { eligibleForCoupon: false }),
      ],
      discount: { kind: 'fixed', amount: 100 },
      couponCode: 'HELLO',
      shipping: { label: 'Standard', amount: 599, taxClass: 'standard' },
      tax: exclusive,
    });
    expect(pricing.lines.map((l) => [l.subtotal.amount, l.discount.amount, l.tax.amount, l.total.amount])).toEqual([
      [2000, 80, 192, 2112],
      [500, 20, 24, 504],
      [333, 0, 33, 366],
    ]);
    expect(pricing.shipping).toEqual({
      amount: usd(599),
      discount: usd(0),
      tax: usd(60),
      taxBasisPoints: 1000,
      total: usd(659),
    });
    expect(pricing.steps).toEqual([
      { kind: 'subtotal', label: 'Subtotal', amount: usd(2833) },
      { kind: 'discount', label: 'Coupon HELLO', amount: usd(-100) },
      { kind: 'shipping', label: 'Standard', amount: usd(599) },
      { kind: 'tax', label: 'Tax 10%', amount: usd(285) },
      { kind: 'tax', label: 'Tax 5%', amount: usd(24) },
      { kind: 'total', label: 'Total', amount: usd(3641) },
    ]);
  });

  it('contains tax in gross prices without a step that adds', () => {
    const pricing = calculatePricing({
      currency: 'EUR',
      lines: [line('a', 1190)],
      tax: { mode: 'inclusive', rates: { standard: 1900 } },
    });
    expect(pricing.total.amount).toBe(1190);
    expect(pricing.includedTax.amount).toBe(190);
    expect(pricing.steps.map((step) => step.kind)).toEqual(['subtotal', 'total']);
  });

  it('gives free shipping off the shipping alone', () => {
    const pricing = calculatePricing({
      currency: 'USD',
      lines: [line('a', 1000)],
      discount: { kind: 'free_shipping' },
      couponCode: 'SHIP',
      shipping: { label: 'Express', amount: 1499, taxClass: 'standard' },
      tax: exclusive,
    });
    expect(pricing.lines[0]?.discount).toEqual(usd(0));
    expect(pricing.shipping?.total).toEqual(usd(0));
    expect(pricing.total).toEqual(usd(1100));
    expect(pricing.steps.map((step) => step.amount.amount)).toEqual([1000, 1499, -1499, 100, 1100]);
    expect(pricing.steps[2]).toEqual({ kind: 'discount', label: 'Coupon SHIP: free shipping', amount: usd(-1499) });
  });

  it('caps a percentage at its maximum and a fixed sum at the eligible lines', () => {
    const lines = [line('a', 10_000), line('b', 5_000, 1, { eligibleForCoupon: false })];
    const tax = { mode: 'exclusive', rates: {} } as const;
    const total = (discount: PriceDiscount) => calculatePricing({ currency: 'USD', lines, discount, tax }).total.amount;
    expect(total({ kind: 'percentage', basisPoints: 2500 })).toBe(12_500);
    expect(total({ kind: 'percentage', basisPoints: 2500, maximum: 1000 })).toBe(14_000);
    expect(total({ kind: 'fixed', amount: 1_000_000 })).toBe(5_000);
  });

  it('does not discount when no line is eligible', () => {
    const lines = [line('a', 1000, 1, { eligibleForCoupon: false })];
    expect(
      calculatePricing({ currency: 'USD', lines, discount: { kind: 'fixed', amount: 500 }, tax: exclusive }).total
        .amount,
    ).toBe(1100);
  });

  it('tells taxes by rate, the highest first, and leaves out those of nothing', () => {
    const { steps } = calculatePricing({
      currency: 'USD',
      lines: ['low', 'zero', 'high', 'middle', 'fine'].map((taxClass) => line(taxClass, 10_000, 1, { taxClass })),
      tax: { mode: 'exclusive', rates: { low: 205, zero: 0, high: 2000, middle: 750, fine: 1001 } },
    });
    expect(steps.filter(({ kind }) => kind === 'tax').map(({ label, amount }) => [label, amount.amount])).toEqual([
      ['Tax 20%', 2000],
      ['Tax 10.01%', 1001],
      ['Tax 7.5%', 750],
      ['Tax 2.05%', 205],
    ]);
  });

  it('prices an empty cart at nothing', () => {
    expect(calculatePricing({ currency: 'USD', lines: [], tax: exclusive }).total).toEqual(usd(0));
  });

  it('does not take a tax class for an inherited property', () => {
    const pricing = calculatePricing({
      currency: 'USD',
      lines: [line('a', 1000, 1, { taxClass: 'constructor' })],
      tax: exclusive,
    });
    expect(pricing.lines[0]?.taxBasisPoints).toBe(0);
  });

  it.each([
    { lines: [line('a', -1)] },
    { lines: [line('a', 1.5)] },
    { lines: [line('a', 1, -1)] },
    { lines: [line('a', Number.MAX_SAFE_INTEGER, 2)] },
    { lines: [line('a', 100)], discount: { kind: 'fixed', amount: -1 } as const },
    { lines: [line('a', 100)], discount: { kind: 'percentage', basisPoints: 0.5 } as const },
    { lines: [], discount: { kind: 'percentage', basisPoints: -1 } as const },
    { lines: [], discount: { kind: 'percentage', basisPoints: 100, maximum: -1 } as const },
    { lines: [line('a', 100)], tax: { mode: 'exclusive', rates: { standard: -1 } } as const },
  ])('refuses nonsense %#', (input) => {
    expect(() => calculatePricing({ currency: 'USD', tax: exclusive, ...input })).toThrowError('INVALID_INPUT');
  });
});

const taxClasses = ['standard', 'reduced', 'zero', 'unknown'];
const inputs: fc.Arbitrary<PricingInput> = fc
  .record({
    currency: fc.constantFrom('USD', 'JPY', 'KWD'),
    lines: fc.array(
      fc.record({
        unitPrice: fc.integer({ min: 0, max: 5_000_000 }),
        quantity: fc.integer({ min: 1, max: 999 }),
        taxClass: fc.constantFrom(...taxClasses),
        eligibleForCoupon: fc.boolean(),
      }),
      { maxLength: 50 },
    ),
    discount: fc.option(
      fc.oneof(
        fc.record({ kind: fc.constant('fixed' as const), amount: fc.integer({ min: 0, max: 10_000_000 }) }),
        fc.record({
          kind: fc.constant('percentage' as const),
          basisPoints: fc.integer({ min: 0, max: 10_000 }),
          maximum: fc.option(fc.integer({ min: 0, max: 100_000 }), { nil: undefined }),
        }),
        fc.constant({ kind: 'free_shipping' as const }),
      ),
      { nil: undefined },
    ),
    shipping: fc.option(
      fc.record({
        label: fc.constant('Standard'),
        amount: fc.integer({ min: 0, max: 10_000 }),
        taxClass: fc.constantFrom(...taxClasses),
      }),
      { nil: undefined },
    ),
    tax: fc.record({
      mode: fc.constantFrom('exclusive' as const, 'inclusive' as const),
      rates: fc.record({
        standard: fc.integer({ min: 0, max: 3000 }),
        reduced: fc.integer({ min: 0, max: 1000 }),
        zero: fc.constant(0),
      }),
    }),
  })
  .map((input) => ({ ...input, lines: input.lines.map((entry, index) => ({ ...entry, lineId: `l${index}` })) }));

function parts(pricing: Pricing) {
  return pricing.shipping ? [...pricing.lines, pricing.shipping] : [...pricing.lines];
}

describe('calculatePricing, for every input', () => {
  it('has steps that sum to a total that is never below zero', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const pricing = calculatePricing(input);
        const steps = pricing.steps.filter((step) => step.kind !== 'total').map((step) => step.amount);
        expect(sumMoney(steps, input.currency)).toEqual(pricing.total);
        expect(pricing.steps.at(-1)).toEqual({ kind: 'total', label: 'Total', amount: pricing.total });
        expect(pricing.total.amount).toBeGreaterThanOrEqual(0);
        expect(
          sumMoney(
            parts(pricing).map((part) => part.total),
            input.currency,
          ),
        ).toEqual(pricing.total);
      }),
    );
  });

  it('allocates a discount that sums exactly and never exceeds a line', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const pricing = calculatePricing(input);
        let base = 0;
        pricing.lines.forEach((priced, index) => {
          const eligible = input.lines[index]?.eligibleForCoupon ?? false;
          expect(priced.discount.amount).toBeGreaterThanOrEqual(0);
          expect(priced.discount.amount).toBeLessThanOrEqual(eligible ? priced.subtotal.amount : 0);
          if (eligible) base += priced.subtotal.amount;
        });
        const discount = sumMoney(
          pricing.lines.map((priced) => priced.discount),
          input.currency,
        ).amount;
        if (input.discount?.kind === 'fixed') expect(discount).toBe(Math.min(base, input.discount.amount));
        if (input.discount?.kind === 'percentage') {
          const exact = (base * input.discount.basisPoints) / 10_000;
          const maximum = input.discount.maximum ?? Infinity;
          const { quantum } = currencyInfo(input.currency);
          expect(Math.abs(discount - Math.min(exact, maximum, base))).toBeLessThanOrEqual(quantum / 2 + 1e-3);
        }
      }),
    );
  });

  it('keeps the tax identities of both modes', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        const pricing = calculatePricing(input);
        const { quantum } = currencyInfo(input.currency);
        for (const part of parts(pricing)) {
          const gross = 'subtotal' in part ? part.subtotal.amount : part.amount.amount;
          const discounted = gross - part.discount.amount;
          const rate = part.taxBasisPoints / 10_000;
          if (input.tax.mode === 'exclusive') {
            expect(part.total.amount).toBe(discounted + part.tax.amount);
            expect(Math.abs(part.tax.amount - discounted * rate)).toBeLessThanOrEqual(quantum / 2 + 1e-3);
          } else {
            expect(part.total.amount).toBe(discounted);
            const net = discounted - part.tax.amount;
            expect(Math.abs(net - discounted / (1 + rate))).toBeLessThanOrEqual(quantum / 2 + 1e-3);
          }
        }
        const taxes = sumMoney(
          parts(pricing).map((part) => part.tax),
          input.currency,
        );
        expect(pricing.includedTax.amount).toBe(input.tax.mode === 'inclusive' ? taxes.amount : 0);
      }),
    );
  });

  it('is the same bytes twice', () => {
    fc.assert(
      fc.property(inputs, (input) => {
        expect(JSON.stringify(calculatePricing(structuredClone(input)))).toBe(JSON.stringify(calculatePricing(input)));
      }),
    );
  });
});
