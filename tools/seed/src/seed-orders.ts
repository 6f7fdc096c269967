import type { Composition } from '@cartwright/composition';
import { daysBefore } from './catalog-records.ts';
import type { DemoData } from './demo-data.ts';
import type { Progress } from './progress.ts';

const BATCH = 50;

/** Imports the past orders, oldest first; those that are there already are left alone. Returns how many were new. */
export async function seedOrders(
  importOrders: Composition['importOrders'],
  data: DemoData,
  { now, progress }: { now: Date; progress: Progress },
): Promise<number> {
  const addresses = new Map(data.customers.map(({ email, address }) => [email, address]));
  const orders = data.orders.map((order, index) => {
    const { region, ...address } = addresses.get(order.customer) ?? missing(order.customer);
    return {
      reference: `demo-${String(index + 1).padStart(4, '0')}`,
      customerEmail: order.customer,
      placedAt: daysBefore(now, order.placedDaysAgo),
      lines: order.lines,
      shippingAddress: { ...address, ...(region === undefined ? {} : { region }) },
      shippingMethod: order.shippingMethod,
      paymentMethod: order.paymentMethod,
      ...(order.coupon === undefined ? {} : { coupon: order.coupon }),
      state: order.state,
    };
  });
  let fresh = 0;
  for (let start = 0; start < orders.length; start += BATCH) {
    const batch = orders.slice(start, start + BATCH);
    fresh += await importOrders(batch);
    progress.step('Orders', start + batch.length, orders.length);
  }
  return fresh;
}

function missing(email: string): never {
  throw new Error(`There is no demo customer ${email}`);
}
