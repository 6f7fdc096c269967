/**
 * The shop's own arithmetic, to price a cart before it is sent or to explain a sum: the same input gives the same bytes here
 * and in the shop. What is paid is always what the shop quotes.
 */
export {
  allocateRefund,
  calculatePricing,
  calculateRefund,
  effectiveUnitPrice,
  refundableAmount,
} from '@cartwright/domain-pricing';
export type {
  EffectiveUnitPrice,
  PriceDiscount,
  PriceStep,
  PricedLine,
  PricedShipping,
  Pricing,
  PricingInput,
  PricingLineInput,
  RefundCalculation,
  RefundParts,
  RefundRequest,
  RefundedLine,
  TaxMode,
  VariantPrices,
} from '@cartwright/domain-pricing';
