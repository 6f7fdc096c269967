import type { RetiredIndex } from '@cartwright/platform-mongo';

/** Indexes that earlier versions made: they cost each write, and nothing asks for them any more. */
export const RETIRED_INDEXES: readonly RetiredIndex[] = [
  { collection: 'orders', name: 'userId_1_status_1' },
  { collection: 'payment_quarantine', name: 'createdAt_-1' },
  { collection: 'payment_events', name: 'status_1_appliedAt_1' },
  { collection: 'payment_events', name: 'status_1_retryAt_1' },
  { collection: 'payment_refunds', name: 'waitsFor_1_updatedAt_1' },
];
