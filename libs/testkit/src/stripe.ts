/** The Stripe stand-in, for tests of what talks to Stripe. */
export { payCheckoutSession, startStripeStandIn } from '@cartwright/tool-stripe-standin';
export type { RunningStripeStandIn } from '@cartwright/tool-stripe-standin';
