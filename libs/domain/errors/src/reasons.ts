/** What sort of refusal a reason is. Transports map kinds to status codes; domain code never sees one. */
export type ErrorKind =
  | 'invalid'
  | 'unauthenticated'
  | 'forbidden'
  | 'not_found'
  | 'conflict'
  | 'precondition'
  | 'rate_limited'
  | 'unavailable'
  | 'internal';

/** Every reason a client can meet, with its kind. The one source of the error codes published to clients. */
export const REASONS = {
  INVALID_INPUT: 'invalid',
  IDEMPOTENCY_KEY_REQUIRED: 'invalid',
  CURSOR_INVALID: 'invalid',
  RETURN_URL_NOT_ALLOWED: 'invalid',

  UNAUTHENTICATED: 'unauthenticated',
  SESSION_REVOKED: 'unauthenticated',
  INVALID_CREDENTIALS: 'unauthenticated',
  REFRESH_TOKEN_INVALID: 'unauthenticated',
  REFRESH_TOKEN_REUSED: 'unauthenticated',
  TWO_FACTOR_REQUIRED: 'unauthenticated',
  TWO_FACTOR_CHALLENGE_INVALID: 'unauthenticated',
  TWO_FACTOR_CODE_INVALID: 'unauthenticated',

  FORBIDDEN: 'forbidden',
  STEP_UP_REQUIRED: 'forbidden',
  ACCOUNT_BANNED: 'forbidden',
  EMAIL_NOT_VERIFIED: 'forbidden',
  OWN_ACCOUNT: 'forbidden',
  REFUND_LIMIT_EXCEEDED: 'forbidden',

  NOT_FOUND: 'not_found',

  EMAIL_TAKEN: 'conflict',
  ALREADY_BANNED: 'conflict',
  SLUG_TAKEN: 'conflict',
  SKU_TAKEN: 'conflict',
  CODE_TAKEN: 'conflict',
  IN_USE: 'conflict',
  TWO_FACTOR_ALREADY_ENABLED: 'conflict',
  VERSION_CONFLICT: 'conflict',
  OUT_OF_STOCK: 'conflict',
  PRICE_CHANGED: 'conflict',
  CART_CHANGED: 'conflict',
  IDEMPOTENCY_KEY_REUSED: 'conflict',
  IDEMPOTENCY_IN_PROGRESS: 'conflict',
  IDEMPOTENCY_OUTCOME_UNKNOWN: 'conflict',
  ILLEGAL_TRANSITION: 'conflict',
  RECONCILIATION_RUNNING: 'conflict',

  TOKEN_INVALID: 'precondition',
  TOO_MANY_ADDRESSES: 'precondition',
  WISHLIST_FULL: 'precondition',
  TWO_FACTOR_NOT_ENABLED: 'precondition',
  TWO_FACTOR_SETUP_REQUIRED: 'precondition',
  NOT_BANNED: 'precondition',
  WEBHOOK_IGNORED: 'precondition',
  NOT_INVITED: 'precondition',
  LAST_ADMIN: 'precondition',
  LAST_SHIPPING_METHOD: 'precondition',
  CART_EMPTY: 'precondition',
  CART_FULL: 'precondition',
  QUANTITY_LIMIT: 'precondition',
  VARIANT_UNAVAILABLE: 'precondition',
  CURRENCY_MISMATCH: 'precondition',
  COUPON_NOT_FOUND: 'precondition',
  COUPON_EXPIRED: 'precondition',
  COUPON_NOT_STARTED: 'precondition',
  COUPON_INACTIVE: 'precondition',
  COUPON_LIMIT_REACHED: 'precondition',
  COUPON_ALREADY_USED: 'precondition',
  COUPON_MINIMUM_NOT_MET: 'precondition',
  COUPON_NOT_APPLICABLE: 'precondition',
  COUPON_WRONG_CURRENCY: 'precondition',
  ORDER_NOT_PAYABLE: 'precondition',
  ORDER_NOT_CANCELABLE: 'precondition',
  PAYMENT_METHOD_UNAVAILABLE: 'precondition',
  SHIPPING_METHOD_UNAVAILABLE: 'precondition',
  TOO_MANY_PENDING_ORDERS: 'precondition',
  REFUND_NOT_POSSIBLE: 'precondition',
  PAID_ELSEWHERE: 'precondition',
  UPLOAD_INCOMPLETE: 'precondition',
  UPLOAD_NOT_READY: 'precondition',
  TOO_MANY_UPLOADS: 'precondition',
  REFUND_EXCEEDS_PAID: 'precondition',
  QUANTITY_EXCEEDED: 'precondition',
  RETURN_TOO_LATE: 'precondition',
  TOO_MANY_RETURNS: 'precondition',

  RATE_LIMITED: 'rate_limited',

  PAYMENT_PROVIDER_UNAVAILABLE: 'unavailable',
  SERVICE_UNAVAILABLE: 'unavailable',

  INTERNAL: 'internal',
} as const satisfies Record<string, ErrorKind>;

/** A code from the published union of error reasons. */
export type Reason = keyof typeof REASONS;

/** Reasons by which a coupon is refused. */
export type CouponRefusal = Extract<Reason, `COUPON_${string}`>;

/** True when the value is one of the published reasons. */
export function isReason(value: unknown): value is Reason {
  return typeof value === 'string' && Object.hasOwn(REASONS, value);
}
