export { REASONS, isReason } from './reasons.ts';
export type { CouponRefusal, ErrorKind, Reason } from './reasons.ts';
export type { MoneyDetails, OutOfStockLine, QuoteDetails, ReasonDetails } from './details.ts';
export { DomainError, invalidInput, isDomainError, notFound, refusalError } from './domain-error.ts';
export type { DomainErrorArguments } from './domain-error.ts';
