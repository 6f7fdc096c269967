import { findBookDifferences } from './books-check.ts';
import type { Buyer } from './buyer.ts';
import type { Cluster } from './cluster.ts';
import type { OrderRow, OutboxRow } from './database.ts';
import { findInvoiceFaults, type BilledOrder } from './invoice-checks.ts';
import { checkMails, checkNotifications } from './notice-checks.ts';
import { checkStreams } from './stream-checks.ts';

export interface CheckOptions {
  readonly buyers: readonly Buyer[];
  /** Redis lost what it had: streams began anew. */
  readonly redisLost?: boolean;
  /** How many mails may have arrived again: those that workers were sending when they died or stood still. */
  readonly repeatedMails?: number;
  /** Jobs that were given up on purpose. */
  readonly expectedDeadLetters?: number;
  /** The database was away: turns of schedules may have failed, and the next ones did their work. */
  readonly turnsMayFail?: boolean;
  /** Events that nobody can handle: they stay. */
  readonly openEvents?: ReadonlySet<string>;
}

export interface Verdict {
  /** What must never be, in words; empty when all promises were kept. */
  readonly violations: string[];
  /** Figures of interest: what there was to check. */
  readonly figures: Record<string, number>;
}

/** A check finds fault or not: each answers its violations. */
export type Check = (facts: Facts) => string[] | Promise<string[]>;

export interface Facts extends CheckOptions {
  readonly cluster: Cluster;
  readonly orders: readonly OrderRow[];
  readonly byId: ReadonlyMap<string, OrderRow>;
  /** Orders whose money came in, also those canceled and given back since. */
  readonly captured: readonly OrderRow[];
  readonly outbox: readonly OutboxRow[];
}

const countBy = <T>(list: readonly T[], key: (item: T) => string, amount: (item: T) => number = () => 1) => {
  const counts = new Map<string, number>();
  for (const item of list) counts.set(key(item), (counts.get(key(item)) ?? 0) + amount(item));
  return counts;
};

/** Same keys with the same numbers; zero is as good as absent. */
function differences(what: string, found: ReadonlyMap<string, number>, wanted: ReadonlyMap<string, number>): string[] {
  const keys = new Set([...found.keys(), ...wanted.keys()]);
  return [...keys].flatMap((key) => {
    const [is, should] = [found.get(key) ?? 0, wanted.get(key) ?? 0];
    return is === should ? [] : [`${what} of ${key}: ${is}, should be ${should}`];
  });
}

const holds = (order: OrderRow): boolean => order.hold === 'held';
const linesOf = (orders: readonly OrderRow[]) => orders.flatMap(({ lines }) => lines);

/** Every acknowledged order is there, and no intent made two. */
const intents: Check = ({ buyers, orders, byId }) => {
  const acknowledged = buyers.flatMap(({ purchases }) => purchases.flatMap(({ orderId }) => orderId ?? []));
  const lost = acknowledged.filter((id) => !byId.has(id)).map((id) => `the order ${id} was acknowledged and is gone`);
  const intended = new Map(buyers.map(({ userId, purchases }) => [userId, purchases.length]));
  const placed = countBy(orders, ({ userId }) => userId);
  const twice = [...placed].filter(([userId, count]) => count > (intended.get(userId) ?? count));
  const extra = acknowledged.length === new Set(acknowledged).size ? [] : ['two purchases share one order'];
  return [...lost, ...extra, ...twice.map(([userId, count]) => `${userId} has ${count} orders, more than were meant`)];
};

/** Money that the provider took belongs to a paid order, or goes back. */
const money: Check = async ({ buyers, byId, cluster }) => {
  const payments = await cluster.database.all<{ orderId: string; _id: string }>('payments');
  const refunds = await cluster.database.all<{ orderId: string; status: string }>('payment_refunds');
  const captures = countBy(payments, ({ orderId }) => orderId);
  const givenBack = countBy(
    refunds.filter(({ status }) => status === 'succeeded'),
    ({ orderId }) => orderId,
  );
  const paid = buyers.flatMap(({ purchases }) => purchases.filter((purchase) => purchase.paid));
  return paid.flatMap(({ orderId = '' }) => {
    const order = byId.get(orderId);
    const problems: string[] = [];
    if (captures.get(orderId) !== 1)
      problems.push(`${orderId} was paid once and booked ${captures.get(orderId) ?? 0} times`);
    const refunded = givenBack.get(orderId) ?? 0;
    const kept = order?.status === 'paid';
    if (kept && refunded > 0) problems.push(`${orderId} is paid and was refunded`);
    if (!kept && refunded !== 1)
      problems.push(`${orderId} is ${order?.status ?? 'gone'}, was paid, and refunded ${refunded} times`);
    return problems;
  });
};

/** Each captured order is counted once: in analytics and in the catalog's best sellers. */
const figures: Check = async ({ captured, cluster }) => {
  const sales = await cluster.database.all<{ _id: string; total: number; units: number }>('sales');
  const products = await cluster.database.all<{ _id: string; unitsSold: number }>('products');
  const sold = new Map(products.map(({ _id, unitsSold }) => [_id, unitsSold]));
  const wanted = countBy(
    linesOf(captured),
    ({ product }) => product.id,
    ({ quantity }) => quantity,
  );
  return [
    ...differences(
      'sales',
      countBy(sales, ({ _id }) => _id),
      countBy(captured, ({ _id }) => _id),
    ),
    ...differences(
      'revenue',
      new Map(sales.map((sale) => [sale._id, sale.total])),
      new Map(captured.map((order) => [order._id, order.total.amount])),
    ),
    ...differences('units sold', sold, wanted),
  ];
};

/** Stock fits the orders, its movements and the catalog's copy. */
const stock: Check = async ({ orders, cluster }) => {
  const { database, shop } = cluster;
  const levels = await database.all<{ _id: string; onHand: number; reserved: number }>('stock_levels');
  const products = await database.all<{ variants: { id: string; available: number }[] }>('products');
  const sums = await Promise.all(levels.map(({ _id }) => shop.inside.services.inventory.sumOfMovements(_id)));
  const held = countBy(
    linesOf(orders.filter(holds)),
    ({ variantId }) => variantId,
    ({ quantity }) => quantity,
  );
  const of = (pick: (level: { onHand: number; reserved: number }) => number) =>
    new Map(levels.map((level) => [level._id, pick(level)]));
  const moved = (pick: (sum: { onHand: number; reserved: number }) => number) =>
    new Map(levels.map(({ _id }, index) => [_id, pick(sums[index] ?? { onHand: 0, reserved: 0 })]));
  const shown = new Map(products.flatMap(({ variants }) => variants.map(({ id, available }) => [id, available])));
  return [
    ...differences(
      'reserved',
      of(({ reserved }) => reserved),
      held,
    ),
    ...differences(
      'movements of reserved',
      moved(({ reserved }) => reserved),
      held,
    ),
    ...differences(
      'movements of on hand',
      moved(({ onHand }) => onHand),
      of(({ onHand }) => onHand),
    ),
    ...differences(
      'availability shown',
      shown,
      of(({ onHand, reserved }) => onHand - reserved),
    ),
  ];
};

/** A coupon's counter is the number of orders that use it. */
const coupons: Check = async ({ orders, cluster }) => {
  const kept = await cluster.database.all<{ _id: string; redeemed: number }>('coupons');
  const using = orders.filter((order) => order.coupon !== undefined && holds(order));
  return differences(
    'uses of the coupon',
    new Map(kept.map(({ _id, redeemed }) => [_id, redeemed])),
    countBy(using, ({ coupon }) => coupon?.couponId ?? ''),
  );
};

/** No order is left behind its clocks. */
const clocks: Check = ({ orders }) => {
  const now = new Date();
  return orders.flatMap(({ _id, status, hold, expiresAt, holdExpiresAt }) => [
    ...(status === 'pending' && expiresAt && expiresAt < now ? [`${_id} is unpaid beyond its time`] : []),
    ...(hold === 'held' && holdExpiresAt && holdExpiresAt < now ? [`${_id} holds stock beyond its time`] : []),
  ]);
};

/** Every event has been handled by all its handlers, each once; no job was given up. */
const events: Check = async ({
  outbox,
  cluster,
  expectedDeadLetters = 0,
  turnsMayFail = false,
  openEvents = new Set(),
}) => {
  const { leavesRecord } = cluster.shop.inside;
  const records = new Set((await cluster.database.all<{ _id: string }>('inbox')).map(({ _id }) => _id));
  const open = outbox.filter(({ _id, status }) => (status === 'done') === openEvents.has(_id));
  const unproven = outbox.flatMap(({ _id, handled, payload }) =>
    handled
      .filter((name) => leavesRecord(name, payload) && !records.has(`${_id}/${name}`))
      .map((name) => ({ _id, name })),
  );
  const failed = await cluster.withRedis(async (redis) => {
    const keys = await redis.keys(`${cluster.shop.env['REDIS_PREFIX']}:queue:*:failed`);
    const jobs = await Promise.all(
      keys.map(async (key) => (await redis.zrange(key, '0', '-1')).map((id) => key.replace(/failed$/, id))),
    );
    // BullMQ keeps with a job which schedule made it.
    const facts = await Promise.all(jobs.flat().map((job) => redis.hmget(job, 'name', 'rjk')));
    return facts.flatMap(([name, schedule]) => (turnsMayFail && schedule ? [] : [name]));
  });
  return [
    ...open.map(({ _id, type }) => `the event ${_id} (${type}) is ${openEvents.has(_id) ? 'done' : 'not done'}`),
    ...unproven.map(({ _id, name }) => `the event ${_id} counts as handled by ${name} without a record`),
    ...(failed.length === expectedDeadLetters
      ? []
      : [`${failed.length} dead letters (${failed.join(', ')}), should be ${expectedDeadLetters}`]),
  ];
};

/** What was paid was billed, once and in full; what went back was credited. */
const invoices: Check = async ({ cluster: { database } }) =>
  findInvoiceFaults(database, await database.all<BilledOrder>('orders'));

/** What the shop finds by itself at night: nothing, but events that stay on purpose. */
const books: Check = async ({ cluster, openEvents }) => {
  const differences = await findBookDifferences(cluster);
  return differences.flatMap(({ eventId, text }) => (openEvents?.has(eventId ?? '') ? [] : [text]));
};

const CHECKS: Record<string, Check> = {
  intents,
  money,
  figures,
  stock,
  coupons,
  notifications: checkNotifications,
  mails: checkMails,
  invoices,
  clocks,
  events,
  streams: checkStreams,
  books,
};

/** Compares everything that followed from what buyers did with what had to follow. */
export async function checkInvariants(cluster: Cluster, options: CheckOptions): Promise<Verdict> {
  const { database } = cluster;
  const orders = await database.all<OrderRow>('orders');
  const payments = new Set((await database.all<{ orderId: string }>('payments')).map(({ orderId }) => orderId));
  // Money that came in for a canceled order is given back: that was no sale.
  const captured = orders.filter(({ _id, paidAt }) => paidAt !== undefined && payments.has(_id));
  const outbox = await database.all<OutboxRow>('outbox');
  const facts: Facts = {
    ...options,
    cluster,
    orders,
    byId: new Map(orders.map((order) => [order._id, order])),
    captured,
    outbox,
  };
  const violations: string[] = [];
  for (const [name, check] of Object.entries(CHECKS)) {
    for (const violation of await check(facts)) violations.push(`${name}: ${violation}`);
  }
  const count = (status: OrderRow['status']): number => orders.filter((order) => order.status === status).length;
  return {
    violations,
    figures: {
      orders: orders.length,
      paid: count('paid'),
      canceled: count('canceled'),
      events: outbox.length,
      mails: (await cluster.shop.mailbox.messages()).length,
    },
  };
}
