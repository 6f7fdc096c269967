export { calculatePricing } from './calculate-pricing.ts';
export { allocateRefund, calculateRefund, refundableAmount } from './refunds.ts';
export type { RefundCalculation, RefundParts, RefundRequest, RefundedLine } from './refunds.ts';
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
