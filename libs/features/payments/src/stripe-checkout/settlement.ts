import type { Logger } from '@cartwright/platform-logger';
import type { Tx } from '@cartwright/platform-mongo';
import type { CheckoutSession } from '@cartwright/platform-stripe';
import { createAlerts } from '../alerts.ts';
import type { PaymentAttemptRepository } from '../payment-attempt-repository.ts';
import type { PaymentLedgerRepository } from '../payment-ledger-repository.ts';
import type { EventResult } from '../payment-strategy.ts';
import type { Payment, PaymentAttempt, Quarantined } from '../payment.ts';
import type { OrderPaymentPort } from '../payments.ports.ts';
import type { RefundService } from '../refund-service.ts';
import type { SessionNews } from './session-news.ts';

export interface SessionReport {
  readonly session: CheckoutSession;
  readonly news: SessionNews;
  readonly eventId?: string | undefined;
}

/**
 * Applies what became of a Checkout Session: to the attempt, the ledger and the order, in one transaction. The same news
 * may come any number of times, from events and from asking, late and in any order: money is booked once by the
 * provider's id of it, and an attempt only moves forward.
 */
export function createSettlement(dependencies: {
  attempts: PaymentAttemptRepository;
  ledger: PaymentLedgerRepository;
  orders: OrderPaymentPort;
  refunds: Pick<RefundService, 'request'>;
  logger: Logger;
  clock: () => Date;
  newId: () => string;
}) {
  const { attempts, ledger, orders, refunds, clock, newId } = dependencies;
  const alert = createAlerts(dependencies.logger);

  async function apply(report: SessionReport, tx: Tx): Promise<EventResult> {
    const { session, news } = report;
    // An attempt is stored before its session is made, so even the earliest event finds it.
    const attempt = session.reference === null ? null : await attempts.byId(session.reference, tx);
    if (!attempt) return 'unmatched';
    const at = clock();
    const { orderId } = attempt;
    const move = { id: attempt.id, sessionId: session.id, at };
    switch (news) {
      case 'open':
        break;
      case 'expired':
        await attempts.move({ ...move, from: ['starting', 'open'], to: 'expired' }, tx);
        break;
      case 'processing':
        if (await attempts.move({ ...move, from: ['starting', 'open'], to: 'processing' }, tx)) {
          await orders.recordProcessing({ orderId, at }, tx);
        }
        break;
      case 'failed':
        if (await attempts.move({ ...move, from: ['starting', 'open', 'processing'], to: 'failed' }, tx)) {
          await orders.recordPaymentFailure({ orderId, at }, tx);
        }
        break;
      case 'paid':
        await capture(attempt, report, tx);
    }
    return 'applied';
  }

  async function capture(attempt: PaymentAttempt, { session, eventId }: SessionReport, tx: Tx): Promise<void> {
    const reference = session.paymentIntent ?? session.id;
    if (await ledger.paymentByReference(reference, tx)) return;
    // What contradicts itself is for a person, even if later news fits.
    if (await ledger.isQuarantined(reference, tx)) return;
    const mismatch = mismatchOf(attempt, session);
    if (mismatch) {
      await quarantine({ attempt, session, reason: mismatch, reference, eventId }, tx);
      return;
    }
    const { orderId, total: amount } = attempt;
    const at = clock();
    const payment: Payment = {
      id: newId(),
      orderId,
      provider: 'stripe',
      reference,
      amount,
      refundable: amount.amount,
      ...(eventId === undefined ? {} : { eventId }),
      capturedAt: at,
    };
    const recording = await orders.recordPayment(
      { orderId, paymentId: payment.id, provider: 'stripe', amount, reference, eventId, at },
      tx,
    );
    if (recording === 'not_found') {
      await quarantine({ attempt, session, reason: 'order_missing', reference, eventId }, tx);
      return;
    }
    await ledger.insertPayment(payment, tx);
    await attempts.move(
      {
        id: attempt.id,
        from: ['starting', 'open', 'processing', 'failed', 'expired', 'abandoned'],
        to: 'paid',
        sessionId: session.id,
        at,
      },
      tx,
    );
    if (recording === 'recorded') return;
    const cause = recording === 'canceled' ? 'late' : 'double';
    await refunds.request({ payment, amount, cause }, tx);
    const facts = { alert: `payment_${cause}`, orderId, reference };
    alert(tx, facts, 'a payment is given back: the order needs it no more');
  }

  async function quarantine(
    facts: Pick<Quarantined, 'reason' | 'reference'> & {
      attempt: PaymentAttempt;
      session: CheckoutSession;
      eventId: string | undefined;
    },
    tx: Tx,
  ): Promise<void> {
    const at = clock();
    const { attempt, session, reason, reference, eventId } = facts;
    await ledger.quarantine(
      {
        id: reference,
        orderId: attempt.orderId,
        attemptId: attempt.id,
        reason,
        expected: attempt.total,
        received: session.raw,
        reference,
        ...(eventId === undefined ? {} : { eventId }),
        createdAt: at,
      },
      tx,
    );
    await attempts.move(
      {
        id: attempt.id,
        from: ['starting', 'open', 'processing', 'failed', 'expired', 'abandoned'],
        to: 'quarantined',
        sessionId: session.id,
        problem: reason,
        at,
      },
      tx,
    );
    const { orderId } = attempt;
    alert(tx, { alert: 'payment_quarantined', reason, orderId, reference }, 'a payment does not fit');
  }

  return { apply };
}

export type Settlement = ReturnType<typeof createSettlement>;

function mismatchOf(attempt: PaymentAttempt, session: CheckoutSession): Quarantined['reason'] | null {
  if (session.raw.currency?.toUpperCase() !== attempt.total.currency) return 'currency_mismatch';
  // Every attempt is about a sum: a session that needed no payment brought none, whatever its total.
  const isPaid = session.paymentStatus === 'paid' && session.total?.amount === attempt.total.amount;
  return isPaid ? null : 'amount_mismatch';
}
