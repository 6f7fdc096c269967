export * from './analytics.contracts.ts';
export type { CapturedOrdersPort, FilledCartsPort, ListedVariant, ProductsPort, StockPort } from './analytics.ports.ts';
export { createAnalyticsRouter } from './analytics.router.ts';
export type { AnalyticsService } from './analytics-service.ts';
export { createAnalytics } from './create-analytics.ts';
export { countCarts, createCounters, publishCounters, rollCounters } from './counters.ts';
export type { Counters, LiveOrdersPort } from './counters.ts';
export type { RefundDoc } from './refund.model.ts';
export type { SaleDoc } from './sale.model.ts';
