import { invalidInput } from '@cartwright/domain-errors';

/** Stock of a variant: `onHand` is physical and includes what is reserved for orders. */
export interface StockLevel {
  readonly onHand: number;
  readonly reserved: number;
}

/**
 * Why stock moves. Hold and release reserve for an order and undo it, ship takes reserved pieces out, restock brings
 * pieces back, adjust corrects the count (the only kind whose quantity may be negative).
 */
export const MOVEMENT_KINDS = ['hold', 'release', 'ship', 'restock', 'adjust'] as const;
export type MovementKind = (typeof MOVEMENT_KINDS)[number];

/** What a movement adds to each field. All movements of a variant sum to its level. */
export interface StockDelta {
  readonly deltaOnHand: number;
  readonly deltaReserved: number;
}

/** How many pieces can still be promised. */
export function available(level: StockLevel): number {
  return level.onHand - level.reserved;
}

/** The deltas of a movement. Throws INVALID_INPUT for a quantity that is not a positive whole number (adjust: not zero). */
export function movement(kind: MovementKind, quantity: number): StockDelta {
  const valid = Number.isSafeInteger(quantity) && (kind === 'adjust' ? quantity !== 0 : quantity > 0);
  if (!valid) throw invalidInput('A quantity is a positive whole number');
  switch (kind) {
    case 'hold':
      return { deltaOnHand: 0, deltaReserved: quantity };
    case 'release':
      return { deltaOnHand: 0, deltaReserved: -quantity };
    case 'ship':
      return { deltaOnHand: -quantity, deltaReserved: -quantity };
    case 'restock':
    case 'adjust':
      return { deltaOnHand: quantity, deltaReserved: 0 };
  }
}

/** Whether a level holds its promises: nothing negative, nothing promised that is not there. */
export function isSound(level: StockLevel): boolean {
  return level.onHand >= 0 && level.reserved >= 0 && available(level) >= 0;
}
