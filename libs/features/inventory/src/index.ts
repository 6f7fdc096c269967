export { stockChanged } from './inventory.events.ts';
export { createInventoryHandlers } from './inventory-handlers.ts';
export type { AvailabilityPort } from './inventory.ports.ts';
export { createInventoryService } from './inventory-service.ts';
export type { InventoryService, StockCorrection, StockLevelView, StockSource } from './inventory-service.ts';
export { createStockModels } from './stock.model.ts';
export type { StockLevelDoc, StockModels, StockMovementDoc } from './stock.model.ts';
export { createStockRepository } from './stock-repository.ts';
export type { StockRepository } from './stock-repository.ts';
