import { isSound } from '@cartwright/domain-stock';
import type { InspectedLevel, StockInspection } from '@cartwright/feature-inventory';
import type { OrderInspection } from '@cartwright/feature-orders';
import type { Mongo } from '@cartwright/platform-mongo';
import { createWalk } from '../check.ts';
import type { Difference } from '../difference.ts';

export interface StockFacts extends InspectedLevel {
  readonly id: string;
  /** Pieces that orders have set aside. */
  readonly held: number;
}

/** A level is what its movements add up to, and what is reserved is what orders hold. */
export function judgeStock({ variantId, productId, onHand, reserved, moved, held }: StockFacts): Difference[] {
  const subject = { variantId, productId };
  const found: Difference[] = [];
  if (!isSound({ onHand, reserved })) {
    found.push({
      kind: 'stock_negative',
      subject,
      expected: 'no more reserved than there is',
      found: `${onHand} on hand, ${reserved} reserved`,
      text: 'More is promised than there is.',
    });
  }
  if (moved.onHand !== onHand) {
    found.push({
      kind: 'stock_on_hand',
      subject,
      expected: String(moved.onHand),
      found: String(onHand),
      text: 'What is on hand is not what the movements add up to.',
    });
  }
  if (moved.reserved !== reserved) {
    found.push({
      kind: 'stock_reserved',
      subject,
      expected: String(moved.reserved),
      found: String(reserved),
      text: 'What is reserved is not what the movements add up to.',
    });
  }
  if (held !== reserved) {
    found.push({
      kind: 'stock_held',
      subject,
      expected: String(held),
      found: String(reserved),
      text: 'What is reserved is not what orders hold.',
    });
  }
  return found;
}

/** Stock, with its movements and with orders. */
export function createStockCheck({
  mongo,
  stock,
  orders,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  stock: StockInspection;
  orders: Pick<OrderInspection, 'heldOf'>;
}) {
  return createWalk<StockFacts>({
    mongo,
    name: 'stock',
    ids: stock.ids,
    async load(ids, tx) {
      const levels = await stock.byIds(ids, tx);
      const held = await orders.heldOf(ids, tx);
      return levels.map((level) => ({ ...level, id: level.variantId, held: held.get(level.variantId) ?? 0 }));
    },
    judge: judgeStock,
  });
}
