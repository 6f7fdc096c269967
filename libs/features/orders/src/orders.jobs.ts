import type { Logger } from '@cartwright/platform-logger';
import { defineJob, type JobContext } from '@cartwright/platform-queue';
import { z } from 'zod';
import type { OrderService } from './order-service.ts';

/**
 * Cancels an order that was not paid in time; enqueued with the delay when it is placed. Keyed by its end, since a payment that
 * was in processing moves that.
 */
export const expireOrder = defineJob({
  queue: 'orders',
  name: 'orders.expire',
  // Jobs from before the end could move name none.
  payload: z.object({ orderId: z.string(), expiresAt: z.coerce.date().optional() }),
  attempts: 8,
  backoffMs: 1_000,
  key: ({ orderId, expiresAt }) => `${orderId}-${expiresAt?.getTime() ?? 'once'}`,
});

/** Gives back what an unpaid order holds; keyed by the end of the hold, since a hold can be renewed. */
export const releaseOrderHold = defineJob({
  queue: 'orders',
  name: 'orders.release-hold',
  payload: z.object({ orderId: z.string(), holdExpiresAt: z.coerce.date() }),
  attempts: 8,
  backoffMs: 1_000,
  key: ({ orderId, holdExpiresAt }) => `${orderId}-${holdExpiresAt.getTime()}`,
});

/** Repeating: finds orders whose job was lost. */
export const sweepExpiredOrders = defineJob({
  queue: 'maintenance',
  name: 'orders.sweep-expired',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  // Less than until the next one.
  budgetMs: 50_000,
  exclusive: true,
});

/** The jobs of orders, for the worker's catalog. */
export const orderJobs = [expireOrder, releaseOrderHold, sweepExpiredOrders] as const;

/** Processors of `orderJobs`. All may run twice. */
export function createOrderProcessors({
  orders,
  logger,
}: {
  orders: Pick<OrderService, 'expire' | 'releaseHold' | 'sweep'>;
  logger: Pick<Logger, 'warn' | 'info'>;
}) {
  return {
    'orders.expire': async ({ orderId }: { orderId: string }): Promise<void> => {
      await orders.expire(orderId);
    },
    'orders.release-hold': async ({ orderId }: { orderId: string }): Promise<void> => {
      await orders.releaseHold(orderId);
    },
    'orders.sweep-expired': async (_payload: object, { signal }: Pick<JobContext, 'signal'>): Promise<void> => {
      const onError = (orderId: string, err: unknown) => logger.warn({ err, orderId }, 'overdue order not settled');
      const changed = await orders.sweep(onError, signal);
      if (changed > 0) logger.info({ changed }, 'overdue orders settled');
    },
  };
}
