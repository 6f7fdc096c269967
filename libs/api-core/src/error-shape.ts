import { TRPCError } from '@trpc/server';
import type { TRPC_ERROR_CODE_KEY } from '@trpc/server';
import { ZodError } from 'zod';
import { DomainError, isDomainError } from '@cartwright/domain-errors';
import type { ErrorKind, Reason } from '@cartwright/domain-errors';
import { isCommitUnknown, isMongoUnavailable } from '@cartwright/platform-mongo';
import { isRedisUnavailable } from '@cartwright/platform-redis';
import type { ErrorData } from './error-data.ts';

const CODE_BY_KIND = {
  invalid: 'BAD_REQUEST',
  unauthenticated: 'UNAUTHORIZED',
  forbidden: 'FORBIDDEN',
  not_found: 'NOT_FOUND',
  conflict: 'CONFLICT',
  precondition: 'PRECONDITION_FAILED',
  rate_limited: 'TOO_MANY_REQUESTS',
  unavailable: 'SERVICE_UNAVAILABLE',
  internal: 'INTERNAL_SERVER_ERROR',
} as const satisfies Record<ErrorKind, TRPC_ERROR_CODE_KEY>;

/** Reasons for what tRPC itself refuses; any other of its codes is masked as INTERNAL. */
const REASON_BY_CODE: Partial<Record<TRPC_ERROR_CODE_KEY, Reason>> = {
  BAD_REQUEST: 'INVALID_INPUT',
  PARSE_ERROR: 'INVALID_INPUT',
  METHOD_NOT_SUPPORTED: 'INVALID_INPUT',
  PAYLOAD_TOO_LARGE: 'INVALID_INPUT',
  UNSUPPORTED_MEDIA_TYPE: 'INVALID_INPUT',
  UNPROCESSABLE_CONTENT: 'INVALID_INPUT',
  CLIENT_CLOSED_REQUEST: 'INVALID_INPUT',
  NOT_FOUND: 'NOT_FOUND',
  UNAUTHORIZED: 'UNAUTHENTICATED',
  FORBIDDEN: 'FORBIDDEN',
  TOO_MANY_REQUESTS: 'RATE_LIMITED',
  TIMEOUT: 'SERVICE_UNAVAILABLE',
  SERVICE_UNAVAILABLE: 'SERVICE_UNAVAILABLE',
};

const FIELDS_MAX = 50;

const fieldsOf = (error: ZodError): Record<string, string[]> => {
  const fields = new Map<string, string[]>();
  for (const issue of error.issues.slice(0, FIELDS_MAX)) {
    const path = issue.path.map(String).join('.');
    fields.set(path, [...(fields.get(path) ?? []), issue.message]);
  }
  return Object.fromEntries(fields);
};

/**
 * The one place where errors become TRPCErrors. Broken rules keep their reason; a store that is away becomes
 * SERVICE_UNAVAILABLE; what nobody expected becomes INTERNAL_SERVER_ERROR with its cause, and is masked by the shape.
 */
export const toTRPCError = (error: unknown): TRPCError => {
  const cause = error instanceof TRPCError ? error.cause : error;
  const raisedByTRPC = error instanceof TRPCError && error.code !== 'INTERNAL_SERVER_ERROR';
  if (isDomainError(cause)) return new TRPCError({ code: CODE_BY_KIND[cause.kind], message: cause.reason, cause });
  if (raisedByTRPC) return error;
  if (isRedisUnavailable(cause) || isMongoUnavailable(cause)) {
    const unavailable = new DomainError('SERVICE_UNAVAILABLE', { retryAfterSeconds: 2 }, { cause });
    return new TRPCError({ code: 'SERVICE_UNAVAILABLE', message: unavailable.reason, cause: unavailable });
  }
  return error instanceof TRPCError ? error : new TRPCError({ code: 'INTERNAL_SERVER_ERROR', cause });
};

/** Whether an error is a defect of ours, and so belongs into the log with its cause. */
export const isUnexpected = (error: TRPCError): boolean =>
  error.code === 'INTERNAL_SERVER_ERROR' || (isDomainError(error.cause) && error.cause.kind === 'internal');

/**
 * Whether a call that failed so may have had its effect all the same: a defect can come after the commit, and the answer to
 * a commit can be lost. A refusal, and a store that was away before, leave nothing behind.
 */
export const mayHaveHadEffect = (error: unknown): boolean =>
  isUnexpected(toTRPCError(error)) || isCommitUnknown(error instanceof TRPCError ? error.cause : error);

/** Whether an error says nothing of who called: it is a defect of ours, or something of ours is away. */
export const isOwnFailure = (error: unknown): boolean => {
  const { code } = toTRPCError(error);
  return code === 'INTERNAL_SERVER_ERROR' || code === 'SERVICE_UNAVAILABLE' || code === 'TIMEOUT';
};

/** What clients may know of an error: reason, details and fields; never a stack or a message of a driver. */
export const errorFactsOf = (error: TRPCError): Pick<ErrorData, 'reason' | 'details' | 'fields'> => {
  const { cause } = error;
  if (isDomainError(cause)) {
    const fields = isDomainError(cause, 'INVALID_INPUT') ? cause.details?.fields : undefined;
    const details = cause.details === undefined ? {} : { details: cause.details };
    if (fields === undefined) return { reason: cause.reason, ...details };
    const copied = Object.fromEntries(Object.entries(fields).map(([path, messages]) => [path, [...messages]]));
    return { reason: cause.reason, ...details, fields: copied };
  }
  if (error.code === 'BAD_REQUEST' && cause instanceof ZodError) {
    return { reason: 'INVALID_INPUT', fields: fieldsOf(cause) };
  }
  return { reason: REASON_BY_CODE[error.code] ?? 'INTERNAL' };
};

/** Seconds for a `Retry-After` header, when the error asks to come back later; for hosts. */
export const retryAfterSecondsOf = (error: TRPCError): number | undefined => {
  const { cause } = error;
  const asksToWait =
    isDomainError(cause, 'RATE_LIMITED') ||
    isDomainError(cause, 'SERVICE_UNAVAILABLE') ||
    isDomainError(cause, 'IDEMPOTENCY_IN_PROGRESS');
  return asksToWait ? (cause.details?.retryAfterSeconds ?? 1) : undefined;
};
