export * from './analytics.contracts.ts';
export { createAnalyticsRouter } from './analytics.router.ts';
export { createAnalyticsService } from './analytics-service.ts';
export type { AnalyticsService, CapturedOrdersPort } from './analytics-service.ts';
export { createCounters, publishCounters, rollCounters } from './counters.ts';
export type { Counters, LiveOrdersPort } from './counters.ts';
export { createSaleModel } from './sale.model.ts';
export type { SaleDoc } from './sale.model.ts';
export { createSaleRepository } from './sale-repository.ts';
