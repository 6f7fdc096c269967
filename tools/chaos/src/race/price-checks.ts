import { sumOf, type Priced, type Raced, type RacedOrder } from './facts.ts';
import type { Intention } from './stage.ts';

/** Lines, shipping and steps of an order sum to its total, and it is what was wanted at the price that was quoted. */
export function findPriceFaults({ intentions, variants }: Raced, orders: readonly RacedOrder[]): string[] {
  const byOrder = new Map(intentions.flatMap((intention) => [...intention.orderIds].map((id) => [id, intention])));
  return orders.flatMap((order) => {
    const intention = byOrder.get(order._id);
    const faults = [...wrongSums(order), ...(intention ? broken(order, intention, variants) : [])];
    return faults.map((fault) => `the order ${order._id}: ${fault}`);
  });
}

const discountsOf = ({ lines, shipping }: Priced): number =>
  sumOf(lines, ({ discount }) => discount.amount) + (shipping?.discount.amount ?? 0);

function wrongSums({ total, pricing }: RacedOrder): string[] {
  const { steps, lines, shipping } = pricing;
  const stepped = sumOf(
    steps.filter(({ kind }) => kind !== 'total'),
    ({ amount }) => amount.amount,
  );
  const parts = sumOf(lines, (line) => line.total.amount) + (shipping?.total.amount ?? 0);
  const taken = sumOf(
    steps.filter(({ kind }) => kind === 'discount'),
    ({ amount }) => -amount.amount,
  );
  const sums = { total: pricing.total.amount, steps: stepped, parts };
  return [
    ...Object.entries(sums).flatMap(([what, sum]) =>
      sum === total.amount ? [] : [`its ${what} come to ${sum}, its total is ${total.amount}`],
    ),
    ...(taken === discountsOf(pricing) ? [] : [`its discounts sum to ${discountsOf(pricing)}, its steps say ${taken}`]),
  ];
}

function broken({ lines, total }: RacedOrder, { wanted, quoted }: Intention, variants: readonly string[]): string[] {
  return [
    ...(total.amount === quoted ? [] : [`its total is ${total.amount}, quoted were ${quoted}`]),
    ...variants.flatMap((variantId, product) => {
      const asked = sumOf(
        wanted.filter((line) => line.product === product),
        ({ quantity }) => quantity,
      );
      const got = sumOf(
        lines.filter((line) => line.variantId === variantId),
        ({ quantity }) => quantity,
      );
      return asked === got ? [] : [`it has ${got} of ${variantId}, wanted were ${asked}`];
    }),
  ];
}
