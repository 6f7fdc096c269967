import type { Reason } from './reasons.ts';

/** Money as it stands in error details; structurally the same as the money library's type. */
export interface MoneyDetails {
  readonly amount: number;
  readonly currency: string;
}

/** A line that can't be had in the wanted quantity. Quantities of one variant are added up first. */
export interface OutOfStockLine {
  readonly variantId: string;
  readonly requested: number;
  readonly available: number;
}

/** The part of a new quote every client can rely on; the orders feature sends its whole quote. */
export interface QuoteDetails {
  readonly quoteHash: string;
  readonly cartVersion: number;
  readonly pricing: { readonly total: MoneyDetails };
}

interface TypedDetails {
  INVALID_INPUT:
    { readonly fields?: Readonly<Record<string, readonly string[]>>; readonly message?: string } | undefined;
  NOT_FOUND: { readonly what: string } | undefined;
  RATE_LIMITED: { readonly retryAfterSeconds: number } | undefined;
  IDEMPOTENCY_IN_PROGRESS: { readonly retryAfterSeconds: number } | undefined;
  SERVICE_UNAVAILABLE: { readonly retryAfterSeconds?: number; readonly service?: string } | undefined;
  ACCOUNT_BANNED: { readonly reason?: string; readonly until?: Date } | undefined;
  ALREADY_BANNED: { readonly from: Date; readonly until?: Date };
  TWO_FACTOR_REQUIRED: { readonly challenge?: string } | undefined;
  /** The web address that something else has. */
  SLUG_TAKEN: { readonly slug: string } | undefined;
  /** The SKU that another variant has. */
  SKU_TAKEN: { readonly sku: string } | undefined;
  VERSION_CONFLICT: { readonly what: string } | undefined;
  IN_USE: { readonly what: string };
  OUT_OF_STOCK: { readonly lines: readonly OutOfStockLine[] };
  PRICE_CHANGED: { readonly quote: QuoteDetails };
  CART_CHANGED: { readonly cartVersion: number };
  TOO_MANY_ADDRESSES: { readonly maximum: number };
  WISHLIST_FULL: { readonly maximum: number };
  CART_FULL: { readonly maximum: number } | undefined;
  QUANTITY_LIMIT: { readonly minimum: number; readonly maximum: number } | undefined;
  VARIANT_UNAVAILABLE: { readonly variantIds: readonly string[] } | undefined;
  CURRENCY_MISMATCH: { readonly expected: string; readonly actual: string } | undefined;
  COUPON_MINIMUM_NOT_MET: { readonly minimum: MoneyDetails };
  COUPON_EXPIRED: { readonly endedAt: Date } | undefined;
  COUPON_NOT_STARTED: { readonly startsAt: Date } | undefined;
  ILLEGAL_TRANSITION: { readonly from: string; readonly to: string };
  /** The report of the run that is under way. */
  RECONCILIATION_RUNNING: { readonly reportId: string };
  UPLOAD_NOT_READY: { readonly state: string; readonly rejection?: string };
  /** Files and bytes that a user may have under way. */
  TOO_MANY_UPLOADS: { readonly maximum: number; readonly maximumBytes: number };
  /** What can still be given back. */
  REFUND_EXCEEDS_PAID: { readonly refundable: MoneyDetails };
  /** What may be given back on an order, all its refunds together, without the permission for more. */
  REFUND_LIMIT_EXCEEDED: { readonly limit: MoneyDetails };
  /** More pieces of a line than there are to give back, send, take back or put on the shelf again. */
  QUANTITY_EXCEEDED: { readonly lineId: string; readonly maximum: number };
  /** How many pieces of the line arrived lately enough. */
  RETURN_TOO_LATE: { readonly lineId: string; readonly maximum: number };
  TOO_MANY_RETURNS: { readonly maximum: number };
  /** How many may wait, and what for: their buyer's money, or the shop that prepares what is paid on delivery. */
  TOO_MANY_PENDING_ORDERS: { readonly maximum: number; readonly waitingFor: 'payment' | 'preparation' };
}

/** What `details` holds, by reason; reasons not named carry none. */
export type ReasonDetails = {
  [R in Reason]: R extends keyof TypedDetails ? TypedDetails[R] : undefined;
};
