import { findInvoiceFaults } from '../invoice-checks.ts';
import { findCouponFaults } from './coupon-checks.ts';
import type { Raced, RacedOrder } from './facts.ts';
import { findMoneyFaults } from './money-check.ts';
import { findParcelFaults } from './parcel-checks.ts';
import { findOpenEnds } from './open-ends.ts';
import type { Intention } from './stage.ts';
import { findRefundFaults } from './refund-checks.ts';
import { findPriceFaults } from './price-checks.ts';
import { findStockFaults } from './shelf-checks.ts';

/** Each intent made one order at most, each cart one in each of its states, and everybody was told of theirs. */
function intents(orders: readonly RacedOrder[], intentions: readonly Intention[]): string[] {
  const known = new Set(orders.map(({ _id }) => _id));
  const told = new Set(intentions.flatMap(({ orderIds }) => [...orderIds]));
  return [
    ...intentions.flatMap(({ key, orderIds }) =>
      orderIds.size > 1 ? [`the key ${key} made ${orderIds.size} orders`] : [],
    ),
    ...[...Map.groupBy(intentions, ({ cart }) => cart)].flatMap(([cart, tabs]) => {
      const made = new Set(tabs.flatMap(({ orderIds }) => [...orderIds]));
      return made.size > 1 ? [`the cart ${cart} was ordered ${made.size} times`] : [];
    }),
    ...intentions.flatMap(({ key, acknowledgedAt, refusals }) =>
      refusals
        .filter(({ askedAt }) => askedAt > acknowledgedAt)
        .map(({ reason }) => `the key ${key} had made an order, and was refused then: ${reason}`),
    ),
    ...[...told].filter((id) => !known.has(id)).map((id) => `the order ${id} was acknowledged and is not there`),
    ...[...known].filter((id) => !told.has(id)).map((id) => `the order ${id} is there and nobody was told`),
  ];
}

/** The orders of a round. */
export const readOrders = ({ database, bought, since, until }: Raced): Promise<RacedOrder[]> =>
  database.all<RacedOrder>('orders', { ...bought, createdAt: { $gte: since, $lte: until } });

/** Everything that is wrong with what a round left behind, as of now; some of it may only be late. */
export async function findFault(raced: Raced): Promise<string[]> {
  const { database, intentions } = raced;
  const orders = await readOrders(raced);
  const found = await Promise.all([
    intents(orders, intentions),
    findStockFaults(raced, orders),
    findCouponFaults(raced, orders),
    findPriceFaults(raced, orders),
    findMoneyFaults(raced, orders),
    findParcelFaults(raced, orders),
    findRefundFaults(raced, orders),
    findOpenEnds(raced, orders),
    findInvoiceFaults(database, orders),
  ]);
  return found.flat();
}
