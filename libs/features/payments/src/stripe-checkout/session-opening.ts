import { DomainError } from '@cartwright/domain-errors';
import { equalMoney } from '@cartwright/domain-money';
import type { Logger } from '@cartwright/platform-logger';
import { StripeGatewayError, type CheckoutSession, type StripeGateway } from '@cartwright/platform-stripe';
import type { PaymentAttemptRepository } from '../payment-attempt-repository.ts';
import type { PaymentAttempt } from '../payment.ts';

/** Stripe may forget idempotency keys after 24 hours; well before that, a repeated call could make a second session. */
const KEY_TRUSTED_MS = 20 * 60 * 60 * 1000;

/** session: there is one. none: there isn't, for this reason. over: the attempt was closed by others meanwhile. */
export type Opening =
  | { readonly kind: 'session'; readonly session: CheckoutSession }
  | { readonly kind: 'none'; readonly problem: string }
  | { readonly kind: 'over' };

/**
 * Makes the session of a stored attempt, or finds the one that was made: the same parameters under the same key, or,
 * when the key may be forgotten or holds a failure, by asking. An attempt that turns out to have no session is closed.
 */
export function createSessionOpening(dependencies: {
  gateway: Pick<
    StripeGateway,
    'createCheckoutSession' | 'createCoupon' | 'expireCheckoutSession' | 'findCheckoutSession'
  >;
  attempts: Pick<PaymentAttemptRepository, 'byId' | 'move' | 'open'>;
  logger: Logger;
  clock: () => Date;
}) {
  const { gateway, attempts, logger, clock } = dependencies;

  /** Throws PAYMENT_PROVIDER_UNAVAILABLE while the outcome is unknown; the attempt stays as it is then. */
  async function resolve(attempt: PaymentAttempt): Promise<Opening> {
    const old = clock().getTime() - attempt.createdAt.getTime() > KEY_TRUSTED_MS;
    let session: CheckoutSession | null;
    try {
      session = old ? await find(attempt) : await call(attempt).catch((error) => findAfter(attempt, error));
    } catch (error) {
      if (!(error instanceof StripeGatewayError) || error.kind === 'unavailable') throw unavailable(error);
      logger.error(
        { err: error, orderId: attempt.orderId, attemptId: attempt.id },
        'Stripe refused a checkout session',
      );
      return close(attempt, 'failed', error.code ?? error.message);
    }
    if (!session) return close(attempt, 'abandoned', 'The provider has no session of this attempt.');
    if (session.status === 'open' && !(session.total && equalMoney(session.total, attempt.total))) {
      await expireQuietly(session.id);
      logger.error(
        { alert: 'session_total_differs', orderId: attempt.orderId, expected: attempt.total, received: session.raw },
        'a checkout session is not about our total',
      );
      return close(attempt, 'failed', 'session_total_differs');
    }
    if (session.status === 'open' && session.url !== null) {
      const answer = { sessionId: session.id, url: session.url, expiresAt: session.expiresAt };
      const opened = await attempts.open(attempt.id, answer, clock());
      if (!opened && (await attempts.byId(attempt.id))?.status !== 'open') return { kind: 'over' };
    }
    return { kind: 'session', session };
  }

  async function call(attempt: PaymentAttempt): Promise<CheckoutSession> {
    const keyOf = (kind: string) => ({ idempotencyKey: `${kind}:${attempt.orderId}:${attempt.number}` });
    if (attempt.coupon) await gateway.createCoupon(attempt.coupon, keyOf('coupon'));
    return gateway.createCheckoutSession(attempt.session, keyOf('checkout'));
  }

  function find(attempt: PaymentAttempt): Promise<CheckoutSession | null> {
    // A minute before, for clocks that differ.
    const since = new Date(attempt.createdAt.getTime() - 60_000);
    return gateway.findCheckoutSession({ reference: attempt.id, since });
  }

  /** A failure that Stripe keeps under the key is its last word on the call; whether there is a session is looked up. */
  function findAfter(attempt: PaymentAttempt, error: unknown): Promise<CheckoutSession | null> {
    const isKept = error instanceof StripeGatewayError && error.kind === 'unavailable' && error.replayed;
    if (!isKept) throw error;
    return find(attempt);
  }

  async function close(attempt: PaymentAttempt, to: 'failed' | 'abandoned', problem: string): Promise<Opening> {
    await attempts.move({ id: attempt.id, from: ['starting'], to, problem, at: clock() });
    return { kind: 'none', problem };
  }

  async function expireQuietly(sessionId: string): Promise<void> {
    try {
      await gateway.expireCheckoutSession(sessionId);
    } catch (error) {
      // It was never shown to anybody and ends by itself.
      logger.warn({ err: error, sessionId }, 'a wrong checkout session could not be expired');
    }
  }

  return { resolve };
}

export type SessionOpening = ReturnType<typeof createSessionOpening>;

/** What callers are told while Stripe can't be reached. */
export function unavailable(cause: unknown): DomainError {
  return new DomainError('PAYMENT_PROVIDER_UNAVAILABLE', undefined, { cause });
}
