import type { Reason, ReasonDetails } from '@cartwright/domain-errors';
import { TRPCClientError } from '@trpc/client';
import type { AppRouter } from './app-router.ts';

/** Why a call failed: one of the shop's typed reasons, or NETWORK when no answer came. */
export type ErrorReason = Reason | 'NETWORK';

type Details<R extends ErrorReason> = R extends Reason ? ReasonDetails[R] : undefined;

/**
 * The error that every call of the SDK rejects with. Compare `reason`; it narrows `details`:
 * `if (isCartwrightError(error, 'OUT_OF_STOCK')) error.details.lines`.
 */
export type CartwrightError<R extends ErrorReason = ErrorReason> = R extends ErrorReason
  ? TRPCClientError<AppRouter> & {
      readonly reason: R;
      readonly details: Details<R>;
      /** Names the call in the shop's logs. Empty when no answer came. */
      readonly requestId: string;
      /** What is wrong by input field, for INVALID_INPUT. */
      readonly fields: Readonly<Record<string, readonly string[]>>;
    }
  : never;

/** Whether something thrown came from the SDK; with `reason`, for that reason. */
export function isCartwrightError<R extends ErrorReason = ErrorReason>(
  error: unknown,
  reason?: R,
): error is CartwrightError<R> {
  return error instanceof TRPCClientError && 'reason' in error && (reason === undefined || error.reason === reason);
}

/** Gives an error of the transport its reason, details, request id and fields. */
export function describeError(error: TRPCClientError<AppRouter>): TRPCClientError<AppRouter> {
  if ('reason' in error) return error;
  const data = error.data;
  return Object.assign(error, {
    reason: data?.reason ?? 'NETWORK',
    details: data?.details,
    requestId: data?.requestId ?? '',
    fields: data?.fields ?? {},
  });
}

/** No answer came, or the shop said that it can't serve at the moment: the same call may succeed later. */
export function isTemporary(error: unknown): boolean {
  return (
    isCartwrightError(error) &&
    (error.reason === 'NETWORK' || error.reason === 'SERVICE_UNAVAILABLE' || error.reason === 'IDEMPOTENCY_IN_PROGRESS')
  );
}
