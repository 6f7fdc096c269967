import { createFeed, type FeedStreams } from '@cartwright/api-core';
import { notFound } from '@cartwright/domain-errors';
import { userStream, type StreamEntry } from '@cartwright/platform-streams';
import { z } from 'zod';
import { requireOwn, type OrderCaller } from './guest-access.ts';
import { orderActivityEventSchema, orderStatusEventSchema } from './orders.contracts.ts';
import type { OrderRepository } from './order-repository.ts';
import type { Order } from './order.ts';

/** The type of a stream entry that tells an order's status. */
export const STATUS_ENTRY = 'order.status';

/** Dates come back from a stream as text. */
const storedSchema = z.looseObject({ at: z.coerce.date() });

const read = ({ type, data }: StreamEntry): unknown =>
  type === STATUS_ENTRY ? { ...storedSchema.parse(data), type } : undefined;

/** Following the status of orders as it changes. */
export function createOrderStream({
  orders,
  streams,
}: {
  orders: Pick<OrderRepository, 'byId'>;
  streams: FeedStreams;
}) {
  return {
    /** What happens to a user's orders, from the stream of that user. */
    statusFeed: createFeed({ streams, schema: orderStatusEventSchema, read }),

    /** What happens to all orders, from the stream of admins. */
    activityFeed: createFeed({ streams, schema: orderActivityEventSchema, read }),

    /** The caller's own order. Throws NOT_FOUND for others. */
    async requireOwn(caller: OrderCaller, orderId: string): Promise<Order> {
      return requireOwn(await orders.byId(orderId), caller);
    },

    /**
     * The stream that tells of all orders of a user, or of the one that is named: a guest's has one of its own. Throws
     * NOT_FOUND for an order that isn't the caller's, and for a guest who names none.
     */
    async streamOf(caller: OrderCaller, orderId: string | undefined): Promise<string> {
      if (orderId !== undefined) return userStream(requireOwn(await orders.byId(orderId), caller).userId);
      if (caller.userId === undefined) throw notFound('order');
      return userStream(caller.userId);
    },
  };
}

export type OrderStream = ReturnType<typeof createOrderStream>;
