export { createStripeGateway } from './gateway.ts';
export type { KeyedCall, StripeGateway, StripeGatewayOptions } from './gateway.ts';
export { StripeGatewayError } from './gateway-error.ts';
export type { GatewayErrorKind } from './gateway-error.ts';
export type {
  CheckoutSession,
  CheckoutSessionParams,
  CouponParams,
  Dispute,
  PaymentIntent,
  Period,
  Refund,
  RefundParams,
  StripeEvent,
  StripeEventObject,
  WebhookRefusal,
  WebhookVerification,
} from './types.ts';
export { fromStripeAmount } from './amounts.ts';
export { minimumCharge } from './minimum-charge.ts';
