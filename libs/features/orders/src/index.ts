export * from './orders.contracts.ts';
export * from './orders-admin.contracts.ts';
export { hasAccount, REMOVED_BUYER } from './order.ts';
export type {
  GuestAccess,
  HoldState,
  Order,
  OrderCoupon,
  OrderLine,
  OrderRefund,
  OrderReturn,
  RefundWaitsFor,
  Shipment,
  TimelineEntry,
} from './order.ts';
export {
  orderCanceled,
  orderDelivered,
  orderPaid,
  orderPaymentFailed,
  orderPlaced,
  orderRefundBounced,
  orderRefunded,
  orderReturnAnswered,
  orderReturnRequested,
  orderShipped,
  orderUpdated,
} from './orders.events.ts';
export type {
  BuyerPort,
  LedgerPort,
  LookupLimitPort,
  PaymentOption,
  PaymentPort,
  RandomBytes,
  ShippingOption,
  ShopSettingsPort,
  ShopSettingsSource,
  StartPayment,
} from './orders.ports.ts';
export { createStaticShopSettings } from './shop-settings.ts';
export * from './settings/settings.contracts.ts';
export type { ShopRules } from './settings/settings.ts';
export { createSettingsModel, createTaxClassHoldsModel } from './settings/settings.model.ts';
export { createSettingsRepository } from './settings/settings-repository.ts';
export { createShopSettings } from './settings/settings-service.ts';
export type { ShopSettings } from './settings/settings-service.ts';
export {
  createAdminSettingsRouter,
  createAdminShippingRouter,
  createAdminTaxRouter,
} from './settings/settings.router.ts';
export type { PaymentRule, ShippingRule, ShopSettingsData } from './shop-settings.ts';
export { createOrderModel } from './order.model.ts';
export type { OrderDoc, OrderModel } from './order.model.ts';
export { createOrderInspection } from './order-inspection-repository.ts';
export type { OrderInspection } from './order-inspection-repository.ts';
export { progressOf } from './order-progress.ts';
export { createOrderRepository } from './order-repository.ts';
export type { OrderFilter, OrderRepository } from './order-repository.ts';
export { createOrders } from './create-orders.ts';
export type { OrdersDependencies } from './create-orders.ts';
export { createOrderOffice } from './create-order-office.ts';
export type { OrderOffice, OrderOfficeDependencies } from './create-order-office.ts';
export { createOrderExport } from './export/create-order-export.ts';
export type { OrderExport } from './export/create-order-export.ts';
export { orderExportJobs, sweepOrderExports } from './export/order-export.jobs.ts';
export { createOrderExportRouter } from './export/order-export.router.ts';
export { createOrderOfficeRouter } from './orders-admin.router.ts';
export type { OrderService } from './order-service.ts';
export type { CapturedPayment, OrderPayments, PaymentRecording, RecordedRefund } from './order-payments.ts';
export type { Buyer, GuestBuyer } from './quotes.ts';
export { orderTokenOf } from './guest-access.ts';
export type { OrderCaller } from './guest-access.ts';
export { createGuestBuyerModel } from './guest-buyer.model.ts';
export { createGuestBuyerRepository } from './guest-buyer-repository.ts';
export { guestOrderMail, orderLinkMail } from './guest-order-mails.ts';
export { importedOrderSchema, importedOrderStateSchema, importOrdersSchema } from './order-import.contracts.ts';
export type { ImportedOrder, ImportedOrderState, ImportOrdersInput } from './order-import.contracts.ts';
export { createOrderImport, isImported } from './order-import.ts';
export type { OrderImport, OrderImportPorts } from './order-import.ts';
export { createOrderPersonalData } from './order-personal-data.ts';
export { createOrderHandlers } from './order-handlers.ts';
export { createOrderProcessors, expireOrder, orderJobs, releaseOrderHold, sweepExpiredOrders } from './orders.jobs.ts';
export {
  createAdminOrdersRouter,
  createCheckoutRouter,
  createOrdersRouter,
  requireCaller as requireOrderCaller,
} from './orders.router.ts';
