import Stripe from 'stripe';

/**
 * unavailable: no answer, or none that settles anything; whether the call took effect is unknown, the same call may be
 * repeated under the same key. refused: Stripe understood and said no, given the state of things; nothing happened.
 * invalid: the request was wrong or not allowed, and repeating it won't help; nothing happened.
 */
export type GatewayErrorKind = 'unavailable' | 'refused' | 'invalid';

export class StripeGatewayError extends Error {
  override readonly name = 'StripeGatewayError';
  readonly kind: GatewayErrorKind;
  /** Stripe's error code (`charge_already_refunded`), where there is one. */
  readonly code: string | null;
  /** Stripe's id of the request, for its support and logs. */
  readonly requestId: string | null;
  /**
   * Stripe gave the answer it keeps under the idempotency key. An `unavailable` that is kept comes back however often the
   * call is repeated, until the key is forgotten: what became of it has to be looked up.
   */
  readonly replayed: boolean;

  constructor(
    kind: GatewayErrorKind,
    message: string,
    details: { code?: string | null; requestId?: string | null; replayed?: boolean; cause?: unknown } = {},
  ) {
    super(message, { cause: details.cause });
    this.kind = kind;
    this.code = details.code ?? null;
    this.requestId = details.requestId ?? null;
    this.replayed = details.replayed ?? false;
  }
}

/** Codes that say "this request can't be right", as opposed to "not in this state". */
const INVALID_CODE = /^(parameter_|url_invalid|email_invalid|api_key|invalid_charge_amount)/;

/**
 * 409: the same call is still running. 424: somebody behind Stripe failed. As with 5xx, the call may have taken effect
 * (docs.stripe.com/error-low-level, docs.stripe.com/api/errors).
 */
const UNSETTLED = new Set([409, 424]);

/** Maps what the SDK throws. Errors that don't come from Stripe are given back as they are. */
export function toGatewayError(error: unknown): unknown {
  if (!(error instanceof Stripe.errors.StripeError)) return error;
  const replayed = error.headers?.['idempotent-replayed'] === 'true';
  const details = { code: error.code ?? null, requestId: error.requestId ?? null, replayed, cause: error };
  return new StripeGatewayError(kindOf(error), error.message, details);
}

function kindOf(error: InstanceType<typeof Stripe.errors.StripeError>): GatewayErrorKind {
  const { errors } = Stripe;
  if (error instanceof errors.StripeConnectionError || error instanceof errors.StripeRateLimitError)
    return 'unavailable';
  if (error.statusCode === undefined || error.statusCode >= 500 || UNSETTLED.has(error.statusCode))
    return 'unavailable';
  if (error instanceof errors.StripeAuthenticationError || error instanceof errors.StripePermissionError)
    return 'invalid';
  if (error instanceof errors.StripeIdempotencyError) return 'invalid';
  return error.code !== undefined && INVALID_CODE.test(error.code) ? 'invalid' : 'refused';
}
