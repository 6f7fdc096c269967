import type { ShopDatabase } from '../database.ts';
import { sumOf, type Pieces, type Raced, type RacedOrder } from './facts.ts';

const quantityOf = (pieces: readonly Pieces[], lineId: string): number =>
  sumOf(pieces, (piece) => (piece.lineId === lineId ? piece.quantity : 0));

/** Where the pieces of an order's lines are, as its parcels, returns and refunds say. */
export function piecesOf({ lines, shipments = [], returns = [], refunds }: RacedOrder) {
  const goods = refunds.flatMap((refund) => refund.goods ?? []);
  return lines.map(({ lineId, variantId, quantity }) => {
    const ours = goods.filter((piece) => piece.lineId === lineId);
    const withdrawn = sumOf(ours, (piece) => piece.withdrawn);
    const sent = quantityOf(
      shipments.flatMap((parcel) => parcel.lines),
      lineId,
    );
    const restocked = returns.filter((back) => back.restocked);
    return {
      ...{ lineId, variantId, quantity, withdrawn, sent },
      open: quantity - withdrawn - sent,
      // Refunded unsent: off the reservation, and off the shelf unless it was put back there.
      writtenOff: withdrawn - sumOf(ours, (piece) => piece.released),
      back: quantityOf(
        returns.flatMap((one) => one.lines),
        lineId,
      ),
      toShelf:
        quantityOf(
          restocked.flatMap((one) => one.lines),
          lineId,
        ) + sumOf(ours, (piece) => piece.restocked),
    };
  });
}

/**
 * No piece is sent twice, nor sent and given up; an intent makes one parcel, for which stock moved once; nothing of a
 * canceled order is under way; cash is taken once, of an order that is paid by it.
 */
export async function findParcelFaults({ database }: Raced, orders: readonly RacedOrder[]): Promise<string[]> {
  const moved = await shippedBy(database, orders);
  const cash = await database.all<{ orderId: string; amount: { amount: number } }>('payments', {
    ...{ orderId: { $in: orders.map(({ _id }) => _id) }, provider: 'cash' },
  });
  return orders.flatMap((order) => {
    const { shipments = [], status, total } = order;
    const numbers = shipments.map(({ trackingNumber }) => trackingNumber);
    const taken = cash.filter(({ orderId }) => orderId === order._id);
    const isCash = order.paymentMethod === 'cash_on_delivery';
    const isTakenOnce = taken.length === (isCash && status === 'paid' ? 1 : 0);
    const faults = [
      ...piecesOf(order).flatMap(({ lineId, quantity, withdrawn, sent, back }) => [
        ...(sent + withdrawn > quantity ? [`${sent} sent and ${withdrawn} given up of ${quantity} of ${lineId}`] : []),
        ...(back > sent ? [`${back} came back of ${sent} of ${lineId}`] : []),
        ...(status === 'canceled' && back < sent
          ? [`it is canceled, and ${sent - back} of ${lineId} are under way`]
          : []),
      ]),
      ...(new Set(numbers).size < numbers.length ? ['an intent made two parcels'] : []),
      ...shipments.flatMap(({ id, lines }) => {
        const [is, should] = [moved.get(id) ?? 0, sumOf(lines, ({ quantity }) => quantity)];
        return is === should ? [] : [`for the parcel ${id} of ${should} pieces ${is} left the shelf`];
      }),
      ...(isTakenOnce ? [] : [`it is ${status}, and cash was entered ${taken.length} times`]),
      ...(taken.some(({ amount }) => amount.amount !== total.amount) ? ['other cash than its total was entered'] : []),
    ];
    return faults.map((fault) => `the order ${order._id}: ${fault}`);
  });
}

/** How many pieces left the shelf for each parcel. */
async function shippedBy(database: ShopDatabase, orders: readonly RacedOrder[]): Promise<Map<string, number>> {
  const ids = orders.flatMap(({ shipments = [] }) => shipments.map(({ id }) => id));
  const rows = await database.all<{ sourceId: string; deltaOnHand: number }>('stock_movements', {
    ...{ source: 'shipment', sourceId: { $in: ids }, kind: 'ship' },
  });
  const bySource = Map.groupBy(rows, ({ sourceId }) => sourceId);
  return new Map([...bySource].map(([id, list]) => [id, -sumOf(list, ({ deltaOnHand }) => deltaOnHand)]));
}
