import type { Queues } from '@cartwright/platform-queue';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import { executeRefundJob } from './payments.jobs.ts';

/** What is older is looked at by the reconciler, in its turn. */
const SINCE_MS = 10 * 60_000;
const BATCH = 1_000;

/**
 * Gives a job to every refund that was asked for lately and is not carried out: Redis may have lost the one that its event
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
