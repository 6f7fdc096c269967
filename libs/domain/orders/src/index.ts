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
export {
  LEGAL_PAIRS,
  TRANSITIONS,
  canTransition,
  hasStatus,
  isLegalPair,
  nextFulfillments,
  nextStatuses,
  transitionOrder,
} from './transitions.ts';
export type { NextFulfillment, NextStatus, OrderOf, TargetOf } from './transitions.ts';
export { derivePaymentStatus, failProcessing, isPayable, payOrder, startProcessing } from './payment.ts';
export type { LedgerEntry } from './payment.ts';
export { cancelOrder, isCancelable, isExpired } from './cancel.ts';
export { sendParcel, settleFulfillment } from './fulfillment.ts';
export { returnablePieces } from './return-requests.ts';
export type { AskedReturn, DeliveredGoods, ReturnablePieces, ReturnedGoods } from './return-requests.ts';
export { lineProgress } from './line-progress.ts';
export type { GoodsMoved, LineProgress } from './line-progress.ts';
export { piecesBack } from './takebacks.ts';
export type { Takeback } from './takebacks.ts';
export { normalizeOrderNumber, orderNumberFromBytes } from './order-number.ts';
export { addressLines } from './postal-address.ts';
export type { PostalAddress } from './postal-address.ts';
