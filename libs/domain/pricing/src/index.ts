export { calculatePricing } from './calculate-pricing.ts';
export { effectiveUnitPrice } from './unit-price.ts';
export type { EffectiveUnitPrice, VariantPrices } from './unit-price.ts';
export type {
  PriceDiscount,
  PriceStep,
  PricedLine,
  PricedShipping,
  Pricing,
  PricingInput,
  PricingLineInput,
  TaxMode,
} from './types.ts';
