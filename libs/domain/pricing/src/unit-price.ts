/** A variant's prices in minor units. A sale without dates is always on; `saleUntil` is exclusive. */
export interface VariantPrices {
  readonly price: number;
  readonly salePrice?: number | null | undefined;
  readonly saleFrom?: Date | null | undefined;
  readonly saleUntil?: Date | null | undefined;
}

export interface EffectiveUnitPrice {
  /** What one piece costs now, in minor units. */
  readonly unitPrice: number;
  /** The full price to strike through; only while a sale is on. */
  readonly compareAt?: number;
  readonly onSale: boolean;
}

/** The sale price while it is on and lower, else the price. */
export function effectiveUnitPrice(prices: VariantPrices, now: Date): EffectiveUnitPrice {
  const { price, salePrice } = prices;
  if (salePrice === null || salePrice === undefined || salePrice >= price || !isOn(prices, now)) {
    return { unitPrice: price, onSale: false };
  }
  return { unitPrice: salePrice, compareAt: price, onSale: true };
}

function isOn({ saleFrom, saleUntil }: VariantPrices, now: Date): boolean {
  return (!saleFrom || saleFrom <= now) && (!saleUntil || now < saleUntil);
}
