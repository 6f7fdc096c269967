import { notFound } from '@cartwright/domain-errors';
import { z } from 'zod';
import { orderStatusEventSchema, type OrderStatusEvent } from './orders.contracts.ts';
import type { OrderRepository } from './order-repository.ts';
import type { StreamPort } from './orders.ports.ts';

/** The stream of all that concerns a user. */
export const userStream = (userId: string): string => `user:${userId}`;
/** The stream of what admins watch. */
export const ADMIN_STREAM = 'admin';

/** The type of a stream entry that tells an order's status. */
export const STATUS_ENTRY = 'order.status';

/** Dates come back from a stream as text. */
const storedSchema = z.looseObject({ at: z.coerce.date() });

export interface FollowRequest {
  readonly userId: string;
  readonly orderId?: string | undefined;
  readonly lastEventId?: string | undefined;
  readonly signal: AbortSignal;
}

/** Following the status of orders as it changes. */
export function createOrderStream({ orders, streams }: { orders: Pick<OrderRepository, 'byId'>; streams: StreamPort }) {
  return {
    /**
     * The user's orders, or one of them, live and in order, from `lastEventId` on. The ids of what is filtered out are
     * not told, so resuming goes over it again. Throws NOT_FOUND for somebody else's order.
     */
    async *follow({
      userId,
      orderId,
      lastEventId,
      signal,
    }: FollowRequest): AsyncGenerator<{ id: string; data: OrderStatusEvent }> {
      if (orderId !== undefined && (await orders.byId(orderId))?.userId !== userId) throw notFound('order');
      for await (const item of streams.subscribe(userStream(userId), { lastEventId, signal })) {
        if (item.kind !== 'event') {
          yield { id: item.id, data: { type: item.kind } };
        } else if (item.type === STATUS_ENTRY) {
          const data = orderStatusEventSchema.parse({ ...storedSchema.parse(item.data), type: STATUS_ENTRY });
          if (orderId === undefined || (data.type === 'order.status' && data.orderId === orderId))
            yield { id: item.id, data };
        }
      }
    },
  };
}

export type OrderStream = ReturnType<typeof createOrderStream>;
