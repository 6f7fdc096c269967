import { sumOf, type Raced, type RacedOrder } from './facts.ts';
import { piecesOf } from './parcel-checks.ts';

const linesOf = (orders: readonly RacedOrder[], variantId: string) =>
  orders.flatMap(piecesOf).filter((line) => line.variantId === variantId);

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
      // What was sent is gone as well, until it comes back.
      const away = sumOf(linesOf(orders, variantId), ({ sent, toShelf }) => sent - toShelf);
      const { onHand = Number.NaN, reserved = Number.NaN } = level ?? {};
      return [
        ...(reserved > onHand || reserved < 0 ? [`${variantId}: ${reserved} of ${onHand} are reserved`] : []),
        ...(wanted > initial ? [`${variantId}: ${wanted} sold of ${initial}`] : []),
        ...(reserved === wanted ? [] : [`${variantId}: ${reserved} reserved, orders hold ${wanted}`]),
        ...(onHand === initial - writtenOff - away
          ? []
          : [`${variantId}: ${onHand} on hand of ${initial}, ${writtenOff} written off and ${away} sent`]),
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
