import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { DaySalesRepository, UnitsSold } from './day-sales-repository.ts';
import { storedEvents } from './product-changes.ts';
import type { ProductRepository, VersionedDoc } from './product-repository.ts';

/** "Best selling" is by units of so many days, today included. */
const DAYS = 30;
const DAY_MS = 24 * 3_600_000;
const BATCH = 100;

const dayOf = (moment: Date): number => Math.floor(moment.getTime() / DAY_MS);

/**
 * Keeps of each product how many units were sold in the last 30 days (in UTC, today included): what "best selling" goes by.
 * A product's number is the sum of its days at any moment, since each is written in one transaction with the other.
 */
export function createBestSellers({
  mongo,
  outbox,
  products,
  sales,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  outbox: Pick<Outbox, 'append'>;
  products: Pick<ProductRepository, 'addUnitsSold'>;
  sales: DaySalesRepository;
  clock: () => Date;
}) {
  async function move(changes: readonly UnitsSold[], tx: Tx): Promise<void> {
    const docs: VersionedDoc[] = [];
    for (const { productId, units } of changes) {
      const doc = await products.addUnitsSold(productId, units, tx);
      if (doc) docs.push(doc);
    }
    await outbox.append(tx, storedEvents(docs, clock()));
  }

  return {
    /** Counts what an order sold, unless that is longer ago. To be called once for each order. */
    async count(lines: readonly { productId: string; quantity: number }[], soldAt: Date, tx: Tx): Promise<void> {
      const day = dayOf(soldAt);
      if (day <= dayOf(clock()) - DAYS) return;
      const sold = summed(lines.map(({ productId, quantity }) => ({ productId, units: quantity })));
      await sales.add(day, sold, tx);
      await move(sold, tx);
    },

    /** Takes off the days that are longer ago by now, until the signal. Answers how many there were, of all products. */
    async letDaysPass(signal?: AbortSignal): Promise<number> {
      let passed = 0;
      for (;;) {
        const taken = await mongo.transaction(async (tx) => {
          const old = await sales.before(dayOf(clock()) - DAYS + 1, BATCH, tx);
          if (old.length === 0) return 0;
          await sales.remove(old, tx);
          await move(summed(old.map(({ productId, units }) => ({ productId, units: -units }))), tx);
          return old.length;
        });
        passed += taken;
        if (taken < BATCH || signal?.aborted) return passed;
      }
    },
  };
}

export type BestSellers = ReturnType<typeof createBestSellers>;

/** One entry for each product, in the order of ids: two transactions with the same products don't wait for each other. */
function summed(changes: readonly UnitsSold[]): UnitsSold[] {
  const units = new Map<string, number>();
  for (const change of changes) units.set(change.productId, (units.get(change.productId) ?? 0) + change.units);
  return [...units]
    .map(([productId, sum]) => ({ productId, units: sum }))
    .sort((left, right) => (left.productId < right.productId ? -1 : 1));
}
