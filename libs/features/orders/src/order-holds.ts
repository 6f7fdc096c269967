import type { CouponService } from '@cartwright/feature-coupons';
import type { InventoryService } from '@cartwright/feature-inventory';
import type { Tx } from '@cartwright/platform-mongo';
import type { AnyPendingEvent } from '@cartwright/platform-outbox';
import { openPieces, variantsOf } from './order-progress.ts';
import type { ShopSettingsSource } from './orders.ports.ts';
import { holdSource, type Order } from './order.ts';

/** An order whose hold changed, and the events to append with it. */
export interface HoldChange {
  readonly order: Order;
  readonly events: readonly AnyPendingEvent[];
}

/** Setting stock and coupon use aside for orders, and giving them back. All within the caller's transaction. */
export function createOrderHolds({
  stock,
  coupons,
  settings,
}: {
  stock: Pick<InventoryService, 'hold' | 'holdIfAvailable' | 'release'>;
  coupons: Pick<CouponService, 'redeemAgain' | 'giveBack'>;
  settings: ShopSettingsSource;
}) {
  const sourceOf = (order: Order) => ({ source: 'order', sourceId: holdSource(order) });

  return {
    /**
     * Gives stock back, of what was not sent, and the coupon's use unless it was paid with; an order that holds nothing is
     * left as it is.
     */
    async release(order: Order, tx: Tx): Promise<HoldChange> {
      if (order.hold !== 'held') return { order, events: [] };
      const held = variantsOf(order, openPieces(order));
      const events = held.length > 0 ? [await stock.release(held, sourceOf(order), tx)] : [];
      if (order.coupon && order.paidAt === undefined) await coupons.giveBack(order.id, tx);
      return { order: { ...order, hold: 'released', holdExpiresAt: undefined }, events };
    },

    /** Takes what is still to be sent, for an order that holds no stock. Throws OUT_OF_STOCK. */
    async take(order: Order, tx: Tx): Promise<HoldChange> {
      if (order.hold === 'held') return { order, events: [] };
      const taken: Order = { ...order, hold: 'held', holdCount: order.holdCount + 1 };
      const pieces = variantsOf(order, openPieces(order));
      const events = pieces.length > 0 ? [await stock.hold(pieces, sourceOf(taken), tx)] : [];
      return { order: taken, events };
    },

    /** Takes stock and coupon use again, for a buyer who pays late. Throws OUT_OF_STOCK or COUPON_*. */
    async renew(order: Order, now: Date, tx: Tx): Promise<HoldChange> {
      const renewed: Order = {
        ...order,
        hold: 'held',
        holdCount: order.holdCount + 1,
        holdExpiresAt: holdEnd(order, now, (await settings.current()).stockHoldSeconds),
      };
      const event = await stock.hold(order.lines, sourceOf(renewed), tx);
      if (order.coupon) await coupons.redeemAgain(order.id, tx);
      return { order: renewed, events: [event] };
    },

    /**
     * Takes stock again for an order whose money came in after its hold had ended. What is gone is gone: the order is
     * paid all the same and marked as missing stock. Its coupon use stays given back; the price was agreed.
     */
    async renewForPayment(order: Order, tx: Tx): Promise<HoldChange> {
      if (order.hold !== 'released') return { order, events: [] };
      const renewed: Order = { ...order, hold: 'held', holdCount: order.holdCount + 1 };
      const event = await stock.holdIfAvailable(order.lines, sourceOf(renewed), tx);
      return event ? { order: renewed, events: [event] } : { order: { ...order, hold: 'missing' }, events: [] };
    },
  };

  function holdEnd(order: Order, now: Date, stockHoldSeconds: number): Date {
    const end = new Date(now.getTime() + stockHoldSeconds * 1_000);
    return order.expiresAt && order.expiresAt < end ? order.expiresAt : end;
  }
}

export type OrderHolds = ReturnType<typeof createOrderHolds>;
