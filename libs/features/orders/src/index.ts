export * from './orders.contracts.ts';
export { REMOVED_BUYER } from './order.ts';
export type { HoldState, Order, OrderCoupon, OrderLine, OrderRefund, TimelineEntry } from './order.ts';
export {
  orderCanceled,
  orderPaid,
  orderPaymentFailed,
  orderPlaced,
  orderRefunded,
  orderUpdated,
} from './orders.events.ts';
export type {
  BuyerPort,
  PaymentOption,
  PaymentPort,
  RandomBytes,
  ShippingOption,
  ShopSettingsPort,
  StartPayment,
} from './orders.ports.ts';
export { createStaticShopSettings } from './shop-settings.ts';
export type { PaymentRule, ShippingRule, ShopSettingsData } from './shop-settings.ts';
export { createOrderModel } from './order.model.ts';
export type { OrderDoc, OrderModel } from './order.model.ts';
export { createOrderRepository } from './order-repository.ts';
export type { OrderFilter, OrderRepository } from './order-repository.ts';
export { createOrders } from './create-orders.ts';
export type { OrdersDependencies } from './create-orders.ts';
export type { OrderService } from './order-service.ts';
export type { CapturedPayment, OrderPayments, PaymentRecording, RecordedRefund } from './order-payments.ts';
export type { Buyer } from './quotes.ts';
export { importedOrderSchema, importedOrderStateSchema, importOrdersSchema } from './order-import.contracts.ts';
export type { ImportedOrder, ImportedOrderState, ImportOrdersInput } from './order-import.contracts.ts';
export { createOrderImport } from './order-import.ts';
export type { OrderImport, OrderImportPorts } from './order-import.ts';
export { createOrderPersonalData } from './order-personal-data.ts';
export { createOrderHandlers } from './order-handlers.ts';
export { createOrderProcessors, expireOrder, orderJobs, releaseOrderHold, sweepExpiredOrders } from './orders.jobs.ts';
export { createAdminOrdersRouter, createCheckoutRouter, createOrdersRouter } from './orders.router.ts';
