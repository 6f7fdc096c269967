export * from './orders.contracts.ts';
export type { HoldState, Order, OrderCoupon, OrderLine, OrderRefund, TimelineEntry } from './order.ts';
export { orderCanceled, orderPaid, orderPlaced, orderUpdated } from './orders.events.ts';
export type {
  BuyerPort,
  FollowedItem,
  MailPort,
  PaymentOption,
  PaymentPort,
  RandomBytes,
  ShippingOption,
  ShopSettingsPort,
  StartPayment,
  StreamPort,
} from './orders.ports.ts';
