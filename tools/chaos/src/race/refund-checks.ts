import type { Raced, RacedOrder } from './facts.ts';

/**
 * A wish of staff gives money back once, however often it was asked for and came back from the bank; and an order says of
 * each refund what the ledger does.
 */
export async function findRefundFaults({ database }: Raced, orders: readonly RacedOrder[]): Promise<string[]> {
  const ledger = await database.all<{ _id: string; orderId: string; status: string }>('payment_refunds', {
    orderId: { $in: orders.map(({ _id }) => _id) },
  });
  const told = new Map(orders.flatMap(({ refunds }) => refunds.map(({ id, status }) => [id, status])));
  return [
    ...ledger.flatMap(({ _id, orderId, status }) => {
      const says = told.get(_id) ?? 'nothing';
      return says === status ? [] : [`the refund ${_id} is ${status}, and its order ${orderId} says ${says}`];
    }),
    ...orders.flatMap(({ _id, refunds }) => {
      const wishes = Map.groupBy(refunds, ({ reason }) => reason);
      wishes.delete(undefined);
      return [...wishes].flatMap(([reason, made]) => {
        const last = made.filter(({ retriedAs }) => retriedAs === undefined);
        const replaced = made.filter(({ retriedAs }) => retriedAs !== undefined);
        return [
          ...(last.length === 1 ? [] : [`the order ${_id}: "${reason}" gives money back ${last.length} times`]),
          ...replaced.flatMap(({ id, status }) =>
            status === 'failed' ? [] : [`the order ${_id}: the refund ${id} is ${status}, and was made again`],
          ),
        ];
      });
    }),
  ];
}
