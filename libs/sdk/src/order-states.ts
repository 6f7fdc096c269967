/** The states of an order and what they lead to, by the table that the shop goes by. */
export {
  CANCEL_REASONS,
  FULFILLMENT_STATUSES,
  LEGAL_PAIRS,
  ORDER_STATUSES,
  PAYMENT_STATUSES,
  TRANSITIONS,
  hasStatus,
  isLegalPair,
  nextFulfillments,
  nextStatuses,
} from '@cartwright/domain-orders';
export type {
  CancelReason,
  FulfillmentStatus,
  NextFulfillment,
  NextStatus,
  OrderOf,
  OrderStatus,
  PaymentStatus,
} from '@cartwright/domain-orders';
