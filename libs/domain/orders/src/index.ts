export { CANCEL_REASONS, FULFILLMENT_STATUSES, ORDER_STATUSES, PAYMENT_STATUSES } from './order-state.ts';
export type {
  CancelReason,
  Decision,
  FulfillmentStatus,
  OrderEvent,
  OrderState,
  OrderStatus,
  PaymentStatus,
  Settlement,
} from './order-state.ts';
export { LEGAL_PAIRS, TRANSITIONS, canTransition, isLegalPair, transitionOrder } from './transitions.ts';
export type { Target, Transition } from './transitions.ts';
export { derivePaymentStatus, failProcessing, isPayable, payOrder, startProcessing } from './payment.ts';
export type { LedgerEntry } from './payment.ts';
export { cancelOrder, isCancelable, isExpired } from './cancel.ts';
export { advanceFulfillment, sendParcel, settleFulfillment } from './fulfillment.ts';
export { lineProgress } from './line-progress.ts';
export type { GoodsMoved, LineProgress } from './line-progress.ts';
export { normalizeOrderNumber, orderNumberFromBytes } from './order-number.ts';
