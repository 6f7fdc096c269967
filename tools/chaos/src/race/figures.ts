import { readOrders } from './check.ts';
import { sumOf, type Raced } from './facts.ts';

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
  /** Parcels, and orders that were paid at the door. */
  readonly parcels: number;
  readonly cash: number;
  /** Refunds that came back from the bank, and those that were made in their place. */
  readonly bounced: number;
  readonly retried: number;
  readonly disputes: number;
  /** Set-aside payments that staff dealt with. */
  readonly resolved: number;
  readonly guests: number;
}

export const NO_FIGURES: Figures = {
  ...{ intents: 0, orders: 0, refused: 0, faults: 0 },
  ...{ paid: 0, refunded: 0, canceledWithCoupon: 0, setAside: 0 },
  ...{ parcels: 0, cash: 0, bounced: 0, retried: 0, disputes: 0, resolved: 0, guests: 0 },
};

export async function count(raced: Raced): Promise<Figures> {
  const { database, schedule, intentions } = raced;
  const orders = await readOrders(raced);
  const among = { orderId: { $in: orders.map(({ _id }) => _id) } };
  const ledger = await database.all<{ status: string; cause: string }>('payment_refunds', among);
  const quarantined = await database.all<{ resolvedAt?: Date }>('payment_quarantine', among);
  const ofOrders = orders.flatMap((order) => order.refunds);
  return {
    intents: intentions.length,
    orders: orders.length,
    refused: intentions.filter((intention) => intention.orderIds.size === 0).length,
    faults: schedule.faults.length,
    paid: orders.filter(({ paidAt }) => paidAt !== undefined).length,
    refunded: ledger.filter(({ status }) => status === 'succeeded').length,
    canceledWithCoupon: orders.filter(({ status, coupon }) => status === 'canceled' && coupon !== undefined).length,
    setAside: quarantined.length,
    bounced: ofOrders.filter(({ wentThroughAt }) => wentThroughAt !== undefined).length,
    retried: ofOrders.filter(({ retriedAs }) => retriedAs !== undefined).length,
    disputes: ledger.filter(({ cause }) => cause === 'dispute').length,
    resolved: quarantined.filter(({ resolvedAt }) => resolvedAt !== undefined).length,
    guests: orders.filter(({ guest }) => guest !== undefined).length,
    parcels: sumOf(orders, ({ shipments = [] }) => shipments.length),
    cash: orders.filter(({ status, paymentMethod }) => status === 'paid' && paymentMethod === 'cash_on_delivery')
      .length,
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
