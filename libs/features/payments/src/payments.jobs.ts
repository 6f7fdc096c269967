import { defineJob } from '@cartwright/platform-queue';
import { z } from 'zod';

/** Gives money back through the provider. Kept up for days: a provider that is down comes back. */
export const executeRefundJob = defineJob({
  queue: 'payments',
  name: 'payments.execute-refund',
  payload: z.object({ refundId: z.string() }),
  attempts: 20,
  backoffMs: 500,
  backoffMaxMs: 12 * 3_600_000,
  key: ({ refundId }) => refundId,
});

/** Repeating: finds refunds whose job was lost. */
export const resumeRefundsJob = defineJob({
  queue: 'payments',
  name: 'payments.resume-refunds',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
});

/** Makes sure that nobody can pay a canceled order any more. */
export const closeCheckoutJob = defineJob({
  queue: 'payments',
  name: 'payments.close-checkout',
  payload: z.object({ orderId: z.string() }),
  attempts: 12,
  backoffMs: 500,
  key: ({ orderId }) => orderId,
});

/** Asks the provider what became of everything unfinished, and for events that never came. Repeating. */
export const reconcilePaymentsJob = defineJob({
  queue: 'payments',
  name: 'payments.reconcile',
  payload: z.object({}),
  attempts: 1,
  backoffMs: 1_000,
  // Less than until the next one.
  budgetMs: 50_000,
  exclusive: true,
});
