import { TRPCClientError } from '@trpc/client';
import type { ErrorReason } from '@cartwright/sdk';

/** An error as the SDK rejects with, for tests. */
export function refusal(reason: ErrorReason, details?: unknown): Error {
  return Object.assign(new TRPCClientError(reason), { reason, details, requestId: 'test', fields: {} });
}
