import { sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import { HOLDING, type OrderDoc, type OrderModel } from './order.model.ts';
import { openPieces, variantsOf } from './order-progress.ts';
import type { Order } from './order.ts';

/** Reads all orders for whoever checks the books; changes nothing. */
export function createOrderInspection({ orders }: { orders: OrderModel }) {
  return {
    /** The ids that follow one, the oldest first. */
    async ids(after: string | undefined, limit: number): Promise<string[]> {
      const docs = await orders
        .find(after === undefined ? {} : { _id: { $gt: after } }, { _id: 1 })
        .sort({ _id: 1 })
        .limit(limit)
        .lean<{ _id: string }[]>();
      return docs.map(({ _id }) => _id);
    },

    async byIds(ids: readonly string[], tx?: Tx): Promise<Order[]> {
      const docs = await orders
        .find({ _id: { $in: [...ids] } })
        .session(sessionOf(tx) ?? null)
        .lean<OrderDoc[]>();
      return docs.map(({ _id, ...rest }) => ({ id: _id, ...rest }));
    },

    /** How many pieces of each variant orders have set aside and not sent yet. Reads order after order. */
    async heldOf(variantIds: readonly string[], tx?: Tx): Promise<Map<string, number>> {
      const held = new Map<string, number>(variantIds.map((variantId) => [variantId, 0]));
      const holding = orders
        .find({ 'lines.variantId': { $in: [...variantIds] }, ...HOLDING }, undefined, sessionOption(tx))
        .lean<OrderDoc>()
        .cursor();
      for await (const { _id: id, ...rest } of holding as AsyncIterable<OrderDoc>) {
        const order = { id, ...rest };
        for (const { variantId, quantity } of variantsOf(order, openPieces(order))) {
          const known = held.get(variantId);
          if (known !== undefined) held.set(variantId, known + quantity);
        }
      }
      return held;
    },
  };
}

export type OrderInspection = ReturnType<typeof createOrderInspection>;
