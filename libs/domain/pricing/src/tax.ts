import { invalidInput } from '@cartwright/domain-errors';
import { BASIS_POINTS, applyBasisPoints, proportionOf, subtractMoney } from '@cartwright/domain-money';
import type { Money } from '@cartwright/domain-money';
import type { PricingInput, TaxMode } from './types.ts';

/** The rate of a tax class in basis points, zero where none is set. Throws INVALID_INPUT for a negative rate. */
export function rateOf(tax: PricingInput['tax'], taxClass: string): number {
  const rate = Object.hasOwn(tax.rates, taxClass) ? (tax.rates[taxClass] ?? 0) : 0;
  if (!Number.isSafeInteger(rate) || rate < 0) throw invalidInput('A tax rate is a non-negative whole number');
  return rate;
}

/** Tax on a discounted amount: `round(net·r)` when exclusive, `gross − round(gross/(1+r))` when inclusive. */
export function taxOn(amount: Money, basisPoints: number, mode: TaxMode): Money {
  if (mode === 'exclusive') return applyBasisPoints(amount, basisPoints);
  return subtractMoney(amount, proportionOf(amount, BASIS_POINTS, BASIS_POINTS + basisPoints));
}
