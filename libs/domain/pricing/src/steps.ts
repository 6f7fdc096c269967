import { addMoney, negateMoney, sumMoney, zeroMoney } from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import type { PriceStep, PricedLine, PricedShipping, PricingInput } from './types.ts';

interface StepsInput {
  readonly input: PricingInput;
  readonly lines: readonly PricedLine[];
  readonly shipping: PricedShipping | null;
  readonly total: Money;
}

/**
 * The explanation, in order: subtotal, coupon, shipping, free shipping, tax by rate, total. Steps of nothing are left
 * out, except the subtotal, the shipping that was asked for and the total. Included tax is no step: it adds nothing.
 */
export function explain({ input, lines, shipping, total }: StepsInput): PriceStep[] {
  const { currency } = input;
  const sum = (pick: (line: PricedLine) => Money) => sumMoney(lines.map(pick), currency);
  const discountLabel = input.couponCode ? `Coupon ${input.couponCode}` : 'Discount';
  const steps: PriceStep[] = [{ kind: 'subtotal', label: 'Subtotal', amount: sum((line) => line.subtotal) }];

  const discount = sum((line) => line.discount);
  if (discount.amount !== 0) steps.push({ kind: 'discount', label: discountLabel, amount: negateMoney(discount) });

  if (shipping) {
    steps.push({ kind: 'shipping', label: input.shipping?.label ?? 'Shipping', amount: shipping.amount });
    if (shipping.discount.amount !== 0) {
      steps.push({
        kind: 'discount',
        label: `${discountLabel}: free shipping`,
        amount: negateMoney(shipping.discount),
      });
    }
  }

  if (input.tax.mode === 'exclusive') steps.push(...taxSteps(shipping ? [...lines, shipping] : lines, currency));
  steps.push({ kind: 'total', label: 'Total', amount: total });
  return steps;
}

function taxSteps(taxed: readonly Pick<PricedLine, 'tax' | 'taxBasisPoints'>[], currency: string): PriceStep[] {
  const byRate = new Map<number, Money>();
  for (const { tax, taxBasisPoints } of taxed) {
    byRate.set(taxBasisPoints, addMoney(byRate.get(taxBasisPoints) ?? zeroMoney(currency), tax));
  }
  return [...byRate]
    .filter(([, amount]) => amount.amount !== 0)
    .sort(([a], [b]) => b - a)
    .map(([rate, amount]) => ({ kind: 'tax', label: `Tax ${percent(rate)}`, amount }));
}

/** 825 as `8.25%`, without floats. */
function percent(basisPoints: number): string {
  const fraction = String(basisPoints % 100)
    .padStart(2, '0')
    .replace(/0+$/, '');
  return `${Math.floor(basisPoints / 100)}${fraction && `.${fraction}`}%`;
}
