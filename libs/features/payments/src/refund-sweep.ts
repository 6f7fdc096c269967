import type { Queues } from '@cartwright/platform-queue';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import { executeRefundJob } from './payments.jobs.ts';

/**
 * By when it was asked for, which nothing moves: whoever looks at a refund touches it. What is older is carried out by the
 * reconciler alone, in its turn.
 */
const SINCE_MS = 24 * 60 * 60_000;
const BATCH = 1_000;

/**
 * Gives a job to every refund that was asked for within a day and is not carried out: Redis may have lost the one that its event
 * made. Of a refund that has a job already none is made.
 */
export function createRefundSweep(dependencies: {
  ledger: Pick<PaymentLedgerRepository, 'requestedRefunds'>;
  queues: Pick<Queues, 'enqueueMany'>;
  clock: () => Date;
}) {
  const { ledger, queues, clock } = dependencies;
  return async (): Promise<void> => {
    const found = await ledger.requestedRefunds(new Date(clock().getTime() - SINCE_MS), BATCH);
    await queues.enqueueMany(
      executeRefundJob,
      found.map((refundId) => ({ refundId })),
    );
  };
}
