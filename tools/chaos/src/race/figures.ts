import { readOrders } from './check.ts';
import type { Raced } from './facts.ts';

/** What a round brought about: a race in which nothing happened proves nothing. */
export interface Figures {
  readonly intents: number;
  readonly orders: number;
  readonly refused: number;
  readonly faults: number;
  readonly paid: number;
  readonly refunded: number;
  /** Canceled orders that were placed with a coupon. */
  readonly canceledWithCoupon: number;
  /** Payments that were set aside for a person. */
  readonly setAside: number;
}

export const NO_FIGURES: Figures = {
  ...{ intents: 0, orders: 0, refused: 0, faults: 0 },
  ...{ paid: 0, refunded: 0, canceledWithCoupon: 0, setAside: 0 },
};

export async function count(raced: Raced): Promise<Figures> {
  const { database, schedule, intentions } = raced;
  const orders = await readOrders(raced);
  const among = { orderId: { $in: orders.map(({ _id }) => _id) } };
  const refunds = await database.all('payment_refunds', { ...among, status: 'succeeded' });
  const quarantined = await database.all('payment_quarantine', among);
  return {
    intents: intentions.length,
    orders: orders.length,
    refused: intentions.filter((intention) => intention.orderIds.size === 0).length,
    faults: schedule.faults.length,
    paid: orders.filter(({ paidAt }) => paidAt !== undefined).length,
    refunded: refunds.length,
    canceledWithCoupon: orders.filter(({ status, coupon }) => status === 'canceled' && coupon !== undefined).length,
    setAside: quarantined.length,
  };
}

/** The sum over rounds. */
export function sumFigures(all: readonly Figures[]): Figures {
  const sum = { ...NO_FIGURES } as Record<keyof Figures, number>;
  for (const figures of all) {
    for (const name of Object.keys(sum) as (keyof Figures)[]) sum[name] += figures[name];
  }
  return sum;
}
