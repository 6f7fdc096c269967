import { DomainError } from '@cartwright/domain-errors';
import type { FulfillmentStatus, OrderStatus, PaymentStatus } from '@cartwright/domain-orders';
import { idAt, insertLast, sessionOf, sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { QueryFilter } from 'mongoose';
import type { Order } from './order.ts';
import { RETURN_ASKED, type OrderDoc, type OrderModel } from './order.model.ts';

export interface OrderFilter {
  readonly userId?: string | undefined;
  readonly status?: OrderStatus | undefined;
  readonly paymentStatus?: PaymentStatus | undefined;
  readonly fulfillmentStatus?: FulfillmentStatus | undefined;
  /** Those alone of which a return waits for an answer. */
  readonly returnRequested?: true | undefined;
  /** Placed at or after, and before. */
  readonly from?: Date | undefined;
  readonly to?: Date | undefined;
  /** The start of an e-mail address. */
  readonly emailPrefix?: string | undefined;
  readonly number?: string | undefined;
}

/** The last order of a page. */
interface Mark {
  readonly id: string;
  readonly createdAt?: Date | undefined;
}

interface Overdue {
  readonly now: Date;
  readonly skip: number;
  readonly limit: number;
}

/** Reads and writes orders; a save is made over the version that was read. */
export function createOrderRepository({ orders }: { orders: OrderModel }) {
  const one = async (filter: QueryFilter<OrderDoc>, tx?: Tx): Promise<Order | null> => {
    const doc = await orders
      .findOne(filter)
      .session(sessionOf(tx) ?? null)
      .lean<OrderDoc>();
    return doc ? toOrder(doc) : null;
  };

  return {
    byId: (id: string, tx?: Tx) => one({ _id: id }, tx),
    byNumber: (number: string, tx?: Tx) => one({ number }, tx),

    /**
     * Newest first, those placed in a period by when they were; reads one more than `limit` so that the caller knows if
     * more follow. Goes on after an order that was listed; in a period, throws CURSOR_INVALID without the time of that.
     */
    async page(filter: OrderFilter, limit: number, last?: Mark): Promise<Order[]> {
      const isDated = filter.from !== undefined || filter.to !== undefined;
      const mark = last && (isDated ? placedBefore(last) : { _id: { $lt: last.id } });
      const docs = await orders
        .find({ $and: [filterOf(filter), mark ?? {}] })
        // An imported order is older than its id. By date it is found, and in order, by the index of dates alone.
        .sort(isDated ? { createdAt: -1, _id: -1 } : { _id: -1 })
        .limit(limit + 1)
        .lean<OrderDoc[]>();
      return docs.map(toOrder);
    },

    /**
     * Those of addresses that begin so, address by address, the newest of each first; else as `page`. The index of addresses has them
     * in this order: however many there are, none is looked at for two pages but the last one's own.
     */
    async pageByAddress(filter: OrderFilter, limit: number, last?: Pick<Order, 'id' | 'email'>): Promise<Order[]> {
      const mark = last && {
        email: { $gte: last.email },
        $or: [{ email: { $gt: last.email } }, { _id: { $lt: last.id } }],
      };
      const docs = await orders
        .find({ $and: [filterOf(filter), mark ?? {}] })
        .sort({ email: 1, _id: -1 })
        .limit(limit + 1)
        .lean<OrderDoc[]>();
      return docs.map(toOrder);
    },

    /** Reads what the filter's index holds of all of them. */
    count: (filter: OrderFilter): Promise<number> => orders.countDocuments(filterOf(filter)),

    /** How many orders have a return that waits for an answer; counted up to `limit` and no further. */
    async countReturnsAsked(limit: number): Promise<number> {
      const found = await orders
        .find(RETURN_ASKED, { _id: 1 })
        .sort({ _id: -1 })
        .limit(limit)
        .lean<{ _id: string }[]>();
      return found.length;
    },

    /**
     * How many orders of a user wait for money, or, where that comes on delivery, to be prepared; counted up to `limit` and no
     * further. Both hold stock that the buyer can still let go.
     */
    async countPending(userId: string, settlement: Order['settlement'], limit: number, tx: Tx): Promise<number> {
      const waiting = { userId, status: 'pending', fulfillmentStatus: 'unfulfilled', settlement } as const;
      const found = await orders.find(waiting, { _id: 1 }, sessionOption(tx)).limit(limit).lean<{ _id: string }[]>();
      return found.length;
    },

    /** How many guests' orders of an e-mail, or of a network, wait for money; counted up to `limit` and no further. */
    async countGuestsAwaitingPayment(
      by: { email: string } | { network: string },
      limit: number,
      tx: Tx,
    ): Promise<number> {
      const who =
        'email' in by ? { email: by.email, 'guest.network': { $exists: true } } : { 'guest.network': by.network };
      const found = await orders
        .find({ ...who, status: 'pending', settlement: 'prepaid' }, { _id: 1 }, sessionOption(tx))
        .limit(limit)
        .lean<{ _id: string }[]>();
      return found.length;
    },

    /** The guest's order that a token opens, by the token's hash. */
    byTokenHash: (hash: string, tx?: Tx) => one({ 'guest.tokenHashes': hash }, tx),

    /** Ids of a user's orders that a ban concerns: not canceled, and nothing shipped yet. */
    async idsBeforeShipment(userId: string): Promise<string[]> {
      const docs = await orders
        .find(
          { userId, status: { $in: ['pending', 'paid'] }, fulfillmentStatus: { $in: ['unfulfilled', 'processing'] } },
          { _id: 1 },
        )
        .lean<{ _id: string }[]>();
      return docs.map(({ _id }) => _id);
    },

    /** Ids of a user's orders that wait for somebody to look at them, or were looked at, because of a ban. */
    async idsReviewed(userId: string): Promise<string[]> {
      const docs = await orders
        .find(
          {
            userId,
            status: { $in: ['pending', 'paid'] },
            $or: [{ reviewSince: { $exists: true } }, { reviewedAt: { $exists: true } }],
          },
          { _id: 1 },
        )
        .lean<{ _id: string }[]>();
      return docs.map(({ _id }) => _id);
    },

    /** How many orders a user has, by status. */
    async countByStatus(userId: string): Promise<Partial<Record<OrderStatus, number>>> {
      const groups = await orders.aggregate<{ _id: OrderStatus; count: number }>([
        { $match: { userId } },
        { $group: { _id: '$status', count: { $sum: 1 } } },
      ]);
      return Object.fromEntries(groups.map(({ _id, count }) => [_id, count]));
    },

    async insert(order: Order, tx: Tx): Promise<void> {
      await orders.insertMany([toDoc(order)], sessionOption(tx));
    },
    /** Inserts at the end of the transaction, which can't read the order. */
    async insertLast(order: Order, tx: Tx): Promise<void> {
      await insertLast(tx, orders, [toDoc(order)]);
    },

    /** Writes an order whose version is one above that stored. Throws VERSION_CONFLICT when somebody was faster. */
    async save(order: Order, tx: Tx): Promise<void> {
      const { _id, ...doc } = toDoc(order);
      const result = await orders.replaceOne({ _id, version: order.version - 1 }, { _id, ...doc }, sessionOption(tx));
      if (result.modifiedCount !== 1) throw new DomainError('VERSION_CONFLICT', { what: 'order' });
    },

    /**
     * Ids of unpaid orders of which a clock has run out, for the sweeper; those due longest first, after the `skip` first. Of
     * those whose hold ended, the ones that did not expire.
     */
    async overdue(clock: 'expiresAt' | 'holdExpiresAt', { now, skip, limit }: Overdue): Promise<string[]> {
      const unpaid = { status: 'pending', paymentStatus: 'unpaid' } as const;
      const rest = clock === 'holdExpiresAt' ? ({ hold: 'held', expiresAt: { $gt: now } } as const) : {};
      const docs = await orders
        .find({ [clock]: { $lte: now }, ...rest, ...unpaid }, { _id: 1 })
        .sort({ [clock]: 1 })
        .skip(skip)
        .limit(limit)
        .lean<{ _id: string }[]>();
      return docs.map((doc) => doc._id);
    },

    /** Counts for live figures: placed and paid since a moment, what was paid by currency, and all that wait. */
    async liveCounts(since: Date) {
      const [placed, paid, pending] = await Promise.all([
        // Ids are made in the order of time; imported orders are older than their ids.
        orders.countDocuments({ _id: { $gte: idAt(since) }, createdAt: { $gte: since } }),
        orders.aggregate<{ _id: string; count: number; amount: number }>([
          { $match: { paidAt: { $gte: since } } },
          { $group: { _id: '$total.currency', count: { $sum: 1 }, amount: { $sum: '$total.amount' } } },
          { $sort: { _id: 1 } },
        ]),
        orders.countDocuments({ status: 'pending' }),
      ]);
      return {
        placed,
        pending,
        paid: paid.reduce((sum, { count }) => sum + count, 0),
        revenue: paid.map(({ _id: currency, amount }) => ({ currency, amount })),
      };
    },

    /** Gives all orders of a user to another name; whoever is changing one of them starts over. */
    async changeBuyer(userId: string, name: string, tx: Tx): Promise<void> {
      await orders.updateMany({ userId }, { $set: { userId: name }, $inc: { version: 1 } }, sessionOption(tx));
    },

    /** A user's orders of a product of which something was sent. */
    async sentOf(userId: string, productId: string): Promise<Order[]> {
      const docs = await orders
        .find({ userId, fulfillmentStatus: { $in: ['shipped', 'delivered'] }, 'lines.product.id': productId })
        .lean<OrderDoc[]>();
      return docs.map(toOrder);
    },
  };
}

export type OrderRepository = ReturnType<typeof createOrderRepository>;

function filterOf({ userId, status, emailPrefix, number, from, to, ...states }: OrderFilter): QueryFilter<OrderDoc> {
  const { paymentStatus, fulfillmentStatus, returnRequested } = states;
  const placed = { ...(from === undefined ? {} : { $gte: from }), ...(to === undefined ? {} : { $lt: to }) };
  return {
    ...(from === undefined && to === undefined ? {} : { createdAt: placed }),
    ...(fulfillmentStatus === undefined ? {} : { fulfillmentStatus }),
    ...(returnRequested === undefined ? {} : RETURN_ASKED),
    ...(userId === undefined ? {} : { userId }),
    ...(status === undefined ? {} : { status }),
    ...(paymentStatus === undefined ? {} : { paymentStatus }),
    ...(number === undefined ? {} : { number }),
    ...(emailPrefix === undefined ? {} : { email: startingWith(emailPrefix) }),
  };
}

function placedBefore({ id, createdAt: at }: Mark): QueryFilter<OrderDoc> {
  if (at === undefined) throw new DomainError('CURSOR_INVALID');
  return { createdAt: { $lte: at }, $or: [{ createdAt: { $lt: at } }, { _id: { $lt: id } }] };
}

function startingWith(text: string): RegExp {
  return new RegExp(`^${text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')}`);
}

function toDoc({ id, ...rest }: Order): OrderDoc {
  return { _id: id, ...rest };
}

function toOrder({ _id, ...rest }: OrderDoc): Order {
  return { id: _id, ...rest };
}
