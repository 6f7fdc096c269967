import type { Tx } from '@cartwright/platform-mongo';

/** What the catalog needs of the inventory: to write the stock that an import brings for new variants. */
export interface InitialStockPort {
  receive(levels: { variantId: string; productId: string; onHand: number }[], tx: Tx): Promise<void>;
}
