import { DomainError, isDomainError } from '@cartwright/domain-errors';
import { compareMoney } from '@cartwright/domain-money';
import type { StartPayment } from '@cartwright/feature-orders';
import type { Logger } from '@cartwright/platform-logger';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import {
  minimumCharge,
  StripeGatewayError,
  type CheckoutSession,
  type StripeGateway,
} from '@cartwright/platform-stripe';
import type { PaymentAttemptRepository } from '../payment-attempt-repository.ts';
import type { EventResult, PaymentStrategy, ProviderEvent } from '../payment-strategy.ts';
import type { PaymentAttempt } from '../payment.ts';
import type { OrderPaymentPort } from '../payments.ports.ts';
import type { RefundService } from '../refund-service.ts';
import { createStripeBooks } from './stripe-books.ts';
import { createSessionOpening, unavailable } from './session-opening.ts';
import { newsOfEvent, newsOfSession } from './session-news.ts';
import { planSession } from './session-plan.ts';
import { refundThroughStripe, toDisputeNews, toRefundNews } from './stripe-refund.ts';
import type { Settlement } from './settlement.ts';

/** A page about to end is not handed out: the buyer could not finish on it. */
const LEAST_LEFT_MS = 60_000;
/** Each round ends in a page, an error, or an attempt found to be over. */
const ROUNDS = 3;

/** Stripe's hosted page. An order has one open session at a time, whoever asks for it and how often. */
export function createStripeCheckoutStrategy(dependencies: {
  gateway: StripeGateway;
  attempts: PaymentAttemptRepository;
  settlement: Settlement;
  refunds: Pick<RefundService, 'applyNews'>;
  orders: Pick<OrderPaymentPort, 'isPayable'>;
  mongo: Pick<Mongo, 'transaction'>;
  logger: Logger;
  clock: () => Date;
  newId: () => string;
}) {
  const { gateway, attempts, settlement, refunds, orders, mongo, logger, clock, newId } = dependencies;
  const opening = createSessionOpening({ gateway, attempts, logger, clock });
  /** Concurrent calls in this process share one; those of other processes meet in the stored attempt. */
  const underWay = new Map<string, Promise<{ url: string }>>();

  async function open(request: StartPayment): Promise<{ url: string }> {
    const { order } = request;
    for (let round = 0; round < ROUNDS; round += 1) {
      if (await attempts.completedOf(order.id)) throw new DomainError('ORDER_NOT_PAYABLE');
      const known = await attempts.activeOf(order.id);
      const attempt = known ?? (await create(request));
      // Null: somebody else stored one in the same moment.
      const url =
        attempt === null
          ? null
          : await urlOf(attempt, known === null).catch((error) => openedByOthers(order.id, error));
      if (url !== null) return { url };
    }
    throw unavailable(new Error(`No payment page for order ${order.number}.`));
  }

  /** Where another process makes the same call, Stripe answers only one of the two; the page is for both. */
  async function openedByOthers(orderId: string, error: unknown): Promise<string> {
    const attempt = isDomainError(error, 'PAYMENT_PROVIDER_UNAVAILABLE') ? await attempts.activeOf(orderId) : null;
    const url = attempt && pageOf(attempt);
    if (!url) throw error;
    if (!(await orders.isPayable(orderId))) throw new DomainError('ORDER_NOT_PAYABLE');
    return url;
  }

  /** The page of an open attempt that leaves the buyer time to finish. */
  function pageOf({ status, url, expiresAt }: PaymentAttempt): string | null {
    const soon = clock().getTime() + LEAST_LEFT_MS;
    return status === 'open' && url !== undefined && expiresAt.getTime() > soon ? url : null;
  }

  async function create(request: StartPayment): Promise<PaymentAttempt | null> {
    const { order } = request;
    const now = clock();
    const id = newId();
    const { coupon, session, expiresAt } = planSession({ ...request, attemptId: id, now });
    const attempt: PaymentAttempt = {
      id,
      orderId: order.id,
      number: (await attempts.lastNumber(order.id)) + 1,
      status: 'starting',
      total: order.pricing.total,
      ...(coupon ? { coupon } : {}),
      session,
      expiresAt,
      createdAt: now,
      updatedAt: now,
    };
    return (await attempts.insert(attempt)) ? attempt : null;
  }

  /** The page of an active attempt, or null when it turns out to be over. */
  async function urlOf(attempt: PaymentAttempt, isNew: boolean): Promise<string | null> {
    const page = pageOf(attempt);
    if (page !== null) return page;
    if (attempt.status === 'open' && attempt.sessionId !== undefined) {
      await end(attempt.id, attempt.sessionId);
      return null;
    }
    const result = await opening.resolve(attempt);
    if (result.kind === 'none') {
      // What was refused just now would be refused again.
      if (isNew) throw unavailable(new Error(result.problem));
      return null;
    }
    if (result.kind === 'over') return null;
    const { session } = result;
    if (session.status !== 'open' || session.url === null) {
      await settle(session);
      return null;
    }
    // The order may have been canceled while Stripe was asked; then nobody may get to the page.
    if (!(await orders.isPayable(attempt.orderId))) {
      await end(attempt.id, session.id);
      throw new DomainError('ORDER_NOT_PAYABLE');
    }
    return session.url;
  }

  /** Ends an open session; one that was completed meanwhile is settled instead. Throws for one that stays open. */
  async function end(attemptId: string, sessionId: string): Promise<void> {
    try {
      await gateway.expireCheckoutSession(sessionId);
      await attempts.move({ id: attemptId, from: ['starting', 'open'], to: 'expired', sessionId, at: clock() });
    } catch (error) {
      if (!(error instanceof StripeGatewayError) || error.kind !== 'refused') throw unavailable(error);
      const session = await retrieve(sessionId);
      if (session?.status === 'open') throw unavailable(error);
      if (session) await settle(session);
      else await attempts.move({ id: attemptId, from: ['starting', 'open'], to: 'abandoned', at: clock() });
    }
  }

  const retrieve = (sessionId: string): Promise<CheckoutSession | null> =>
    asked(() => gateway.retrieveCheckoutSession(sessionId));

  async function asked<T>(question: () => Promise<T>): Promise<T> {
    try {
      return await question();
    } catch (error) {
      throw unavailable(error);
    }
  }

  /** Applies a session as Stripe shows it now. */
  async function settle(session: CheckoutSession): Promise<void> {
    const unsettled = session.status === 'complete' && session.paymentStatus === 'unpaid';
    const intentId = unsettled ? session.paymentIntent : null;
    const intent = intentId === null ? null : await asked(() => gateway.retrievePaymentIntent(intentId));
    const news = newsOfSession(session, intent);
    await mongo.transaction((tx) => settlement.apply({ session, news }, tx));
  }

  const strategy: PaymentStrategy = {
    method: 'stripe_checkout',
    provider: 'stripe',

    async start(request) {
      const { id, pricing } = request.order;
      if (compareMoney(pricing.total, minimumCharge(pricing.currency)) < 0) {
        throw new DomainError('PAYMENT_METHOD_UNAVAILABLE');
      }
      const running = underWay.get(id) ?? open(request);
      underWay.set(id, running);
      try {
        return await running;
      } finally {
        underWay.delete(id);
      }
    },

    async handleEvent({ id, body }: ProviderEvent, tx: Tx): Promise<EventResult> {
      const event = gateway.readEvent(body);
      switch (event.object.kind) {
        case 'checkout_session': {
          const { session } = event.object;
          return settlement.apply({ session, news: newsOfEvent(event, session), eventId: id }, tx);
        }
        case 'refund':
          return refunds.applyNews({ ...toRefundNews(event.object.refund), at: event.createdAt }, tx);
        case 'dispute':
          return refunds.applyNews({ ...toDisputeNews(event.object.dispute), at: event.createdAt }, tx);
        case 'other':
          return 'applied';
      }
    },

    books: createStripeBooks({ gateway }),

    refund: (refund) => refundThroughStripe({ gateway, refund, clock }),

    async cancel(orderId) {
      const attempt = await attempts.activeOf(orderId);
      if (attempt) {
        const sessionId = attempt.sessionId ?? (await sessionIdOf(attempt));
        if (sessionId !== null) await end(attempt.id, sessionId);
      }
      return (await attempts.completedOf(orderId)) ? 'completed' : 'closed';
    },
  };

  /** The session of an attempt whose call was never answered; it is made, when it wasn't, in order to be ended. */
  async function sessionIdOf(attempt: PaymentAttempt): Promise<string | null> {
    const result = await opening.resolve(attempt);
    return result.kind === 'session' ? result.session.id : null;
  }

  return {
    ...strategy,
    /**
     * Asks Stripe what became of an unfinished attempt and applies it; a page of an order that nobody may pay any more is
     * closed. Throws while Stripe can't be reached.
     */
    async refresh(attempt: PaymentAttempt): Promise<void> {
      const sessionId = attempt.sessionId ?? (await sessionIdOf(attempt));
      const session = sessionId === null ? null : await retrieve(sessionId);
      const payable = session?.status !== 'open' || (await orders.isPayable(attempt.orderId));
      if (session && !payable) await end(attempt.id, session.id);
      else if (session) await settle(session);
    },
  };
}

export type StripeCheckoutStrategy = ReturnType<typeof createStripeCheckoutStrategy>;
