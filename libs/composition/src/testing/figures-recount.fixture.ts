import type { Mongo } from '@cartwright/platform-mongo';
import type { Order } from '@cartwright/feature-orders';

type Stored<T> = Omit<T, 'id'> & { _id: string };
type Payment = { _id: string; orderId: string; capturedAt: Date; amount: { amount: number; currency: string } };
type Refund = {
  _id: string;
  paymentId: string;
  status: string;
  cause: string;
  amount: Payment['amount'];
};
type Fact = { at: Date; currency: string };
type Sale = Fact & { order: Stored<Order>; captured: number; gross: number; net: number; taken: number };
type Return = Fact & { total: number; net: number; cause: string };

/** A cart that got its first item. */
export interface Filling {
  at: Date;
  joined: boolean;
}

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);

/** Everything that figures are about, read from orders and the ledger one by one. */
export async function readBooks({ connection }: Pick<Mongo, 'connection'>) {
  const all = <T>(name: string) => connection.collection(name).find().toArray() as unknown as Promise<T[]>;
  const orders = await all<Stored<Order>>('orders');
  const refunds = new Map((await all<Refund>('payment_refunds')).map((refund) => [refund._id, refund]));
  const payments = new Map((await all<Payment>('payments')).map((payment) => [payment._id, payment]));
  const sales: Sale[] = [];
  const returns: Return[] = [];
  for (const order of orders) {
    const payment = payments.get(order.paymentId ?? '');
    if (!payment) continue;
    const { amount, currency } = payment.amount;
    const inclusive = order.pricing.taxMode === 'inclusive';
    const untaxed = (value: number, rate: number) =>
      inclusive ? Number((2n * BigInt(value) * 10_000n + BigInt(10_000 + rate)) / (2n * BigInt(10_000 + rate))) : value;
    const { lines, shipping } = order.pricing;
    const net = sum(lines, (line) => line.total.amount - line.tax.amount);
    const gross = sum(lines, (line) => untaxed(line.subtotal.amount, line.taxBasisPoints));
    const shippingOff = shipping?.discount.amount ? untaxed(shipping.amount.amount, shipping.taxBasisPoints) : 0;
    sales.push({
      at: payment.capturedAt,
      currency,
      order,
      captured: amount,
      gross,
      net,
      taken: gross - net + shippingOff,
    });
    for (const noted of order.refunds) {
      const refund = refunds.get(noted.id);
      if (!refund || refund.paymentId !== payment._id) continue;
      const total = refund.amount.amount;
      const { cause } = refund;
      const goods = sum(noted.parts?.lines ?? [], (line) => line.amount.amount - line.tax.amount);
      if (refund.status === 'succeeded') returns.push({ at: noted.at, currency, total, net: goods, cause });
      if (refund.status === 'failed' && noted.wentThroughAt) {
        returns.push({ at: noted.wentThroughAt, currency, total, net: goods, cause });
        returns.push({ at: noted.at, currency, total: -total, net: -goods, cause: 'bounce' });
      }
    }
  }
  return { sales, returns };
}

export type Books = Awaited<ReturnType<typeof readBooks>>;

const localDay = (timezone: string, at: Date): string => {
  const parts = new Intl.DateTimeFormat('en-US', {
    timeZone: timezone,
    year: 'numeric',
    month: '2-digit',
    day: '2-digit',
  });
  const of = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
  return `${of['year'] ?? ''}-${of['month'] ?? ''}-${of['day'] ?? ''}`;
};

const bucketOf = { day: (day: string) => day, month: (day: string) => `${day.slice(0, 7)}-01`, week: mondayOf };
function mondayOf(day: string): string {
  const date = new Date(`${day}T12:00:00Z`);
  while (date.getUTCDay() !== 1) date.setUTCDate(date.getUTCDate() - 1);
  return date.toISOString().slice(0, 10);
}

/** What every procedure has to answer of a period, in the plainest way there is. */
export function recount(
  { sales, returns }: Books,
  fillings: readonly Filling[],
  { from, to, timezone, shopCurrency }: { from: Date; to: Date; timezone: string; shopCurrency: string },
) {
  const within = ({ at }: { at: Date }) => at >= from && at < to;
  const sold = sales.filter(within);
  const back = returns.filter(within);
  const names = [...new Set([...sold, ...back].map(({ currency }) => currency))].filter((one) => one !== shopCurrency);
  const named = [shopCurrency, ...names.toSorted()];
  const of = (currency: string) => ({
    sold: sold.filter((one) => one.currency === currency),
    back: back.filter((one) => one.currency === currency),
    money: (amount: number) => ({ amount, currency }),
  });
  const each = <T>(currencies: string[], answer: (facts: ReturnType<typeof of>) => T) =>
    currencies.map((currency) => ({ currency, ...answer(of(currency)) }));
  const sellers = [shopCurrency, ...names.filter((one) => sold.some(({ currency }) => currency === one)).toSorted()];
  const users = [
    shopCurrency,
    ...sellers.slice(1).filter((one) => sold.some((s) => s.currency === one && s.order.coupon)),
  ];

  const overview = each(named, ({ sold: s, back: b, money }) => ({
    orders: s.length,
    grossSales: money(sum(s, ({ gross }) => gross)),
    discounts: money(sum(s, ({ gross, net }) => gross - net)),
    netSales: money(sum(s, ({ net }) => net) - sum(b, ({ net }) => net)),
    refunded: money(sum(b, ({ total }) => total)),
    totalRevenue: money(sum(s, ({ captured }) => captured) - sum(b, ({ total }) => total)),
    averageOrderValue: money(s.length === 0 ? 0 : Math.round(sum(s, ({ captured }) => captured) / s.length)),
    unitsSold: sum(s, ({ order }) => sum(order.lines, ({ quantity }) => quantity)),
  }));
  const revenue = (bucket: 'day' | 'week' | 'month') => {
    const starts = new Set<string>();
    for (let at = from.getTime(); at < to.getTime(); at += 900_000)
      starts.add(bucketOf[bucket](localDay(timezone, new Date(at))));
    starts.add(bucketOf[bucket](localDay(timezone, new Date(to.getTime() - 1))));
    const isIn = (start: string) => (one: Fact) => bucketOf[bucket](localDay(timezone, one.at)) === start;
    return each(named, ({ sold: s, back: b, money }) => ({
      buckets: [...starts].map((start) => ({
        start,
        orders: s.filter(isIn(start)).length,
        revenue: money(
          sum(s.filter(isIn(start)), ({ captured }) => captured) - sum(b.filter(isIn(start)), ({ total }) => total),
        ),
      })),
    }));
  };
  const topSelling = each(sellers, ({ sold: s, money }) => {
    const ids = new Set(s.flatMap(({ order }) => order.lines.map(({ product }) => product.id)));
    const items = [...ids].map((productId) => {
      const lines = s.flatMap(({ order }) =>
        order.lines
          .filter(({ product }) => product.id === productId)
          .map((line) => ({ line, priced: order.pricing.lines.find(({ lineId }) => lineId === line.lineId) })),
      );
      const sales = sum(lines, ({ priced }) => (priced ? priced.total.amount - priced.tax.amount : 0));
      return { productId, units: sum(lines, ({ line }) => line.quantity), sales: money(sales) };
    });
    const order = (a: (typeof items)[number], b: (typeof items)[number]) =>
      b.units - a.units || b.sales.amount - a.sales.amount || (a.productId < b.productId ? -1 : 1);
    return { items: items.toSorted(order) };
  });
  const couponUse = each(users, ({ sold: s, money }) => {
    const used = s.filter(({ order }) => order.coupon);
    const codes = new Set(used.map(({ order }) => order.coupon?.code ?? ''));
    const items = [...codes].map((code) => {
      const those = used.filter(({ order }) => order.coupon?.code === code);
      const discount = money(sum(those, ({ taken }) => taken));
      return { code, uses: those.length, discount, netSales: money(sum(those, ({ net }) => net)) };
    });
    return { items: items.toSorted((a, b) => (a.code < b.code ? -1 : 1)) };
  });
  const carts = fillings.filter((filling) => within(filling) && !filling.joined).length;
  const rate = carts === 0 ? null : Math.round((sold.length / carts) * 10_000);
  return { overview, revenue, topSelling, couponUse, conversion: { carts, orders: sold.length, rate } };
}
