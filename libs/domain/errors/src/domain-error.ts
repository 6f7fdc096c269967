import { REASONS } from './reasons.ts';
import type { ErrorKind, Reason } from './reasons.ts';
import type { ReasonDetails } from './details.ts';

/** Details are asked for exactly where the reason requires them; an underlying error may always be attached. */
export type DomainErrorArguments<R extends Reason> = undefined extends ReasonDetails[R]
  ? [details?: ReasonDetails[R], options?: { cause?: unknown }]
  : [details: ReasonDetails[R], options?: { cause?: unknown }];

/**
 * A rule of the shop was broken. `reason` is published to clients, `kind` decides the status code, `details` are
 * typed by reason and safe to show. `cause` is for the log only.
 */
export class DomainError<R extends Reason = Reason> extends Error {
  override readonly name = 'DomainError';
  readonly reason: R;
  readonly kind: ErrorKind;
  readonly details: ReasonDetails[R] | undefined;

  constructor(reason: R, ...[details, options]: DomainErrorArguments<R>) {
    super(reason, options);
    this.reason = reason;
    this.kind = REASONS[reason];
    this.details = details;
  }
}

/** True for a DomainError, of the given reason when one is named. Narrows `details` with it. */
export function isDomainError<R extends Reason = Reason>(error: unknown, reason?: R): error is DomainError<R> {
  return error instanceof DomainError && (reason === undefined || error.reason === reason);
}

/** The error that a refusal given as a value amounts to, for callers that can't go on. */
export function refusalError<R extends Reason>(refusal: {
  readonly reason: R;
  readonly details: ReasonDetails[R] | undefined;
}): DomainError<R> {
  // The conditional argument list can't be resolved for a generic reason; the parameter's type says the same.
  const rest = [refusal.details] as unknown as DomainErrorArguments<R>;
  return new DomainError(refusal.reason, ...rest);
}

/** What is missing and what belongs to somebody else are told apart by nobody. */
export function notFound(what: string): DomainError<'NOT_FOUND'> {
  return new DomainError('NOT_FOUND', { what });
}

/** An input that passed the schema and is still wrong. The message must be fit for clients. */
export function invalidInput(message: string): DomainError<'INVALID_INPUT'> {
  return new DomainError('INVALID_INPUT', { message });
}
