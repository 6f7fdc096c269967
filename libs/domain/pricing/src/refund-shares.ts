import type { Money } from '@cartwright/domain-money';

/** What is left of a line, or of the shipping, in minor units. */
export interface RefundableShare {
  /** As it was sold, tax included. */
  readonly total: number;
  readonly wholeTax: number;
  /** Pieces, amount and contained tax that can still be given back. */
  readonly quantity: number;
  readonly amount: number;
  readonly tax: number;
  /** Pieces given back already. */
  readonly taken: number;
  /** Whether an amount without pieces came off it. */
  readonly hadGoodwill: boolean;
}

interface Taken {
  readonly quantity: number;
  readonly amount: Money;
  readonly tax: Money;
}

/** What earlier refunds leave of something sold. */
export function takeFrom(
  sold: { readonly total: Money; readonly tax: Money },
  quantity: number,
  earlier: readonly Taken[],
): RefundableShare {
  const sum = (pick: (taken: Taken) => number) => earlier.reduce((running, taken) => running + pick(taken), 0);
  const taken = sum((part) => part.quantity);
  return {
    total: sold.total.amount,
    wholeTax: sold.tax.amount,
    quantity: quantity - taken,
    amount: sold.total.amount - sum((part) => part.amount.amount),
    tax: sold.tax.amount - sum((part) => part.tax.amount),
    taken,
    hadGoodwill: earlier.some((part) => part.quantity === 0 && part.amount.amount > 0),
  };
}
