import { sumOf, type Raced, type RacedOrder } from './facts.ts';

const linesOf = (orders: readonly RacedOrder[], variantId: string) =>
  orders.flatMap(({ lines, refunds }) =>
    lines
      .filter((line) => line.variantId === variantId)
      .map(({ lineId, quantity }) => {
        const goods = refunds.flatMap((refund) => (refund.goods ?? []).filter((piece) => piece.lineId === lineId));
        const withdrawn = sumOf(goods, (piece) => piece.withdrawn);
        // Refunded unsent: off the reservation, and off the shelf unless it was put back there.
        return { open: quantity - withdrawn, writtenOff: withdrawn - sumOf(goods, (piece) => piece.released) };
      }),
  );

/** What is reserved is what orders hold, never more than there is, and the movements say the same. */
export async function findStockFaults(
  { database, schedule, variants }: Raced,
  orders: readonly RacedOrder[],
): Promise<string[]> {
  const held = orders.filter(({ hold }) => hold === 'held');
  const problems = await Promise.all(
    variants.map(async (variantId, index) => {
      const [level] = await database.all<{ onHand: number; reserved: number }>('stock_levels', { _id: variantId });
      const movements = await database.all<{
        kind: string;
        source: string;
        deltaOnHand: number;
        deltaReserved: number;
      }>('stock_movements', {
        variantId,
      });
      const counted = movements.filter(({ kind, source }) => kind === 'adjust' && source === 'admin');
      const initial = (schedule.products[index]?.stock ?? 0) + sumOf(counted, ({ deltaOnHand }) => deltaOnHand);
      const wanted = sumOf(linesOf(held, variantId), ({ open }) => open);
      // Of what is missing, nothing was there to be written off.
      const there = orders.filter(({ hold }) => hold !== 'missing');
      const writtenOff = sumOf(linesOf(there, variantId), (line) => line.writtenOff);
      const { onHand = Number.NaN, reserved = Number.NaN } = level ?? {};
      return [
        ...(reserved > onHand || reserved < 0 ? [`${variantId}: ${reserved} of ${onHand} are reserved`] : []),
        ...(wanted > initial ? [`${variantId}: ${wanted} sold of ${initial}`] : []),
        ...(reserved === wanted ? [] : [`${variantId}: ${reserved} reserved, orders hold ${wanted}`]),
        ...(onHand === initial - writtenOff
          ? []
          : [`${variantId}: ${onHand} on hand of ${initial}, ${writtenOff} written off`]),
        ...(sumOf(movements, ({ deltaReserved }) => deltaReserved) === reserved
          ? []
          : [`${variantId}: the movements do not sum to what is reserved`]),
        ...(sumOf(movements, ({ deltaOnHand }) => deltaOnHand) === onHand
          ? []
          : [`${variantId}: the movements do not sum to what is on hand`]),
      ];
    }),
  );
  return problems.flat();
}
