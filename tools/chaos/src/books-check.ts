import { setTimeout as pause } from 'node:timers/promises';
import type { Cluster } from './cluster.ts';

const SETTLE_SECONDS = 1;
/** The provider's books are read up to so long ago: a shop that has come to rest needs no more. */
export const BOOKS_ENV = { RECONCILIATION_SETTLE_SECONDS: String(SETTLE_SECONDS) };
/** A run goes through everything that there is. */
const RUN_MS = 90_000;
const LOOK_AGAIN_MS = 100;

export interface BookDifference {
  readonly orderId: string | undefined;
  readonly eventId: string | undefined;
  readonly text: string;
}

/**
 * Has the shop compare its books by itself, as it does each night: orders, ledger, invoices, stock, coupons, events and
 * the payment provider. Answers every difference that it keeps; throws when there is no report in time.
 */
export async function findBookDifferences({ shop }: Cluster): Promise<BookDifference[]> {
  await pause(SETTLE_SECONDS * 1_000);
  const deadline = Date.now() + RUN_MS;
  /** What faults left behind may hit this, too; and the night's own run may be under way. */
  const insist = async <T>(work: () => Promise<T>): Promise<T> => {
    for (;;) {
      try {
        return await work();
      } catch (error) {
        if (Date.now() > deadline) throw error;
        await pause(LOOK_AGAIN_MS);
      }
    }
  };
  const admin = await insist(() => shop.admin());
  const { reconciliation } = admin.api.admin;
  const { id: reportId } = await insist(() => reconciliation.run.mutate());
  let report = await insist(() => reconciliation.report.query({ reportId }));
  while (report.state === 'running' && Date.now() < deadline) {
    await pause(LOOK_AGAIN_MS);
    report = await insist(() => reconciliation.report.query({ reportId }));
  }
  if (report.state !== 'finished') throw new Error(`the reconciliation is ${report.state}: ${report.problem ?? ''}`);
  const found: BookDifference[] = [];
  let cursor: string | undefined;
  do {
    const page = await insist(() => reconciliation.differences.query({ reportId, limit: 100, cursor }));
    for (const { kind, subject, expected, found: is } of page.items) {
      const { orderId, eventId } = subject;
      found.push({ orderId, eventId, text: `${kind} of ${Object.values(subject).join(' ')}: ${is}, not ${expected}` });
    }
    cursor = page.nextCursor ?? undefined;
  } while (cursor !== undefined);
  return found;
}
