import { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import type { Reason, ReasonDetails } from '@cartwright/domain-errors';
/** What clients get in `error.data`. `details` are typed by `reason`; `fields` name the wrong inputs by their path. */
export type ErrorData = {
  code: TRPC_ERROR_CODE_KEY;
  httpStatus: number;
  reason: Reason;
  requestId: string;
  details?: ReasonDetails[Reason];
  fields?: Record<string, string[]>;
};
/**
 * The one place where errors become TRPCErrors. Broken rules keep their reason; a store that is away becomes
 * SERVICE_UNAVAILABLE; what nobody expected becomes INTERNAL_SERVER_ERROR with its cause, and is masked by the shape.
 */
export declare const toTRPCError: (error: unknown) => TRPCError;
/** Whether an error is a defect of ours, and so belongs into the log with its cause. */
export declare const isUnexpected: (error: TRPCError) => boolean;
/** What clients may know of an error: reason, details and fields; never a stack or a message of a driver. */
export declare const errorFactsOf: (error: TRPCError) => Pick<ErrorData, 'reason' | 'details' | 'fields'>;
/** Seconds for a `Retry-After` header, when the error asks to come back later; for hosts. */
export declare const retryAfterSecondsOf: (error: TRPCError) => number | undefined;
