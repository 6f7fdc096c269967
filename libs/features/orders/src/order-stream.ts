import { createFeed, type FeedStreams } from '@cartwright/api-core';
import { notFound } from '@cartwright/domain-errors';
import type { StreamEntry } from '@cartwright/platform-streams';
import { z } from 'zod';
import { orderActivityEventSchema, orderStatusEventSchema } from './orders.contracts.ts';
import type { OrderRepository } from './order-repository.ts';

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

    /** Throws NOT_FOUND for an order that isn't the user's. */
    async requireOwn(userId: string, orderId: string): Promise<void> {
      if ((await orders.byId(orderId))?.userId !== userId) throw notFound('order');
    },
  };
}

export type OrderStream = ReturnType<typeof createOrderStream>;
