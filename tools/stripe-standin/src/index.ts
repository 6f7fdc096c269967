export { createControl } from './client/control.ts';
export type { DeliveryView, FailureOrder, StripeStandInControl } from './client/control.ts';
export { payCheckoutSession } from './client/pay.ts';
export type { Payment, PaymentOutcome } from './client/pay.ts';
export { startStripeStandIn } from './client/start.ts';
export type { RunningStripeStandIn, StartOptions } from './client/start.ts';
