export { MOVEMENT_KINDS, applyMovement, available, isSound, movement } from './stock.ts';
export type { MovementKind, MovementResult, StockDelta, StockLevel } from './stock.ts';
export { mergeLinesByVariant } from './merge-lines.ts';
export type { VariantQuantity } from './merge-lines.ts';
