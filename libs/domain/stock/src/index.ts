export { MOVEMENT_KINDS, available, isSound, movement } from './stock.ts';
export type { MovementKind, StockDelta, StockLevel } from './stock.ts';
export { mergeLinesByVariant } from './merge-lines.ts';
export type { VariantQuantity } from './merge-lines.ts';
