import type { Money } from '@cartwright/domain-money';

/** Exclusive: displayed prices are net and tax is added. Inclusive: they are gross and contain it. */
export type TaxMode = 'exclusive' | 'inclusive';

/** What a coupon takes off. Amounts in minor units, rates in basis points. */
export type PriceDiscount =
  | { readonly kind: 'fixed'; readonly amount: number }
  | { readonly kind: 'percentage'; readonly basisPoints: number; readonly maximum?: number | undefined }
  | { readonly kind: 'free_shipping' };

export interface PricingLineInput {
  readonly lineId: string;
  /** Minor units per piece, as displayed. */
  readonly unitPrice: number;
  readonly quantity: number;
  readonly taxClass: string;
  /** Whether the coupon counts and discounts this line. */
  readonly eligibleForCoupon: boolean;
}

export interface PricingInput {
  readonly currency: string;
  readonly lines: readonly PricingLineInput[];
  readonly discount?: PriceDiscount | undefined;
  /** Shown in the label of the discount step. */
  readonly couponCode?: string | undefined;
  readonly shipping?: { readonly label: string; readonly amount: number; readonly taxClass: string } | undefined;
  /** Rates in basis points by tax class for the destination; a class without one is not taxed. */
  readonly tax: { readonly mode: TaxMode; readonly rates: Readonly<Record<string, number>> };
}

/** One line of the explanation. The steps before the total sum to it. */
export interface PriceStep {
  readonly kind: 'subtotal' | 'discount' | 'shipping' | 'tax' | 'total';
  readonly label: string;
  readonly amount: Money;
  readonly lineId?: string;
}

export interface PricedLine {
  readonly lineId: string;
  readonly unitPrice: Money;
  readonly quantity: number;
  /** Unit price × quantity. */
  readonly subtotal: Money;
  /** The coupon's share, not negative. */
  readonly discount: Money;
  /** Added to the total when exclusive, contained in it when inclusive. */
  readonly tax: Money;
  readonly taxBasisPoints: number;
  /** What the buyer pays for the line, tax included in both modes. */
  readonly total: Money;
}

export interface PricedShipping {
  readonly amount: Money;
  readonly discount: Money;
  readonly tax: Money;
  readonly taxBasisPoints: number;
  readonly total: Money;
}

/** A finished calculation. Plain data: an order keeps it as it is, rates included. */
export interface Pricing {
  readonly currency: string;
  readonly taxMode: TaxMode;
  readonly lines: readonly PricedLine[];
  readonly shipping: PricedShipping | null;
  /** Tax contained in the total when prices are gross; zero otherwise. */
  readonly includedTax: Money;
  readonly steps: readonly PriceStep[];
  readonly total: Money;
}
