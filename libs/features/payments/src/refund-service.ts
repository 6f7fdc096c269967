import type { Money } from '@cartwright/domain-money';
import type { Logger } from '@cartwright/platform-logger';
import type { Mongo, Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { createAlerts } from './alerts.ts';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import {
  RefundUnknownError,
  type EventResult,
  type RefundAnswer,
  type RefundNews,
  type RefundResult,
  type StrategyRegistry,
} from './payment-strategy.ts';
import type { OwnCause, Payment, Refund } from './payment.ts';
import { refundRequested } from './payments.events.ts';
import type { OrderPaymentPort, RecordRefund } from './payments.ports.ts';
import { movedBy, type RefundMove } from './refund-moves.ts';

/**
 * Money going back. What is being refunded is set aside in the payment, so that all refunds together never exceed it,
 * and released when a refund fails. The provider is called by a job, never inside a transaction.
 */
export function createRefundService(dependencies: {
  ledger: PaymentLedgerRepository;
  orders: Pick<OrderPaymentPort, 'recordRefund'>;
  outbox: Pick<Outbox, 'append'>;
  mongo: Pick<Mongo, 'transaction'>;
  strategies: () => Pick<StrategyRegistry, 'ofProvider'>;
  logger: Logger;
  clock: () => Date;
  newId: () => string;
}) {
  const { ledger, orders, outbox, mongo, strategies, clock, newId } = dependencies;
  const alert = createAlerts(dependencies.logger);

  /** Asks for a refund in the caller's transaction. Null when less than the amount is left to refund. */
  async function request(
    { payment, amount, cause }: { payment: Payment; amount: Money; cause: OwnCause },
    tx: Tx,
  ): Promise<Refund | null> {
    if (!(await ledger.reserve(payment.id, amount.amount, tx))) return null;
    const now = clock();
    const refund: Refund = {
      id: newId(),
      orderId: payment.orderId,
      paymentId: payment.id,
      provider: payment.provider,
      cause,
      amount,
      status: 'requested',
      paymentReference: payment.reference,
      createdAt: now,
      updatedAt: now,
    };
    await ledger.insertRefund(refund, tx);
    await outbox.append(tx, [
      {
        event: refundRequested,
        aggregateId: refund.id,
        aggregateVersion: 1,
        payload: { refundId: refund.id, orderId: refund.orderId },
        occurredAt: now,
      },
    ]);
    return refund;
  }

  /** Carries a refund out, or finds out what became of it. Rejects while the provider can't tell; then try again. */
  async function execute(refundId: string): Promise<void> {
    const refund = await ledger.refundById(refundId);
    if (!refund || !isUnfinished(refund)) return;
    const result = await ask(refund);
    await mongo.transaction(async (tx) => {
      const now = await ledger.refundById(refundId, tx);
      if (!now) return;
      const answer = { ...result, at: answeredAt({ before: refund.toldAt, meanwhile: now.toldAt, said: result.at }) };
      if (saysMore(now, answer)) await moveOn(now, answer, tx);
    });
  }

  async function ask(refund: Refund): Promise<RefundAnswer> {
    try {
      return await strategies().ofProvider(refund.provider).refund(refund);
    } catch (error) {
      if (error instanceof RefundUnknownError) await mongo.transaction((tx) => tellOfUnknown(refund, tx));
      throw error;
    }
  }

  async function tellOfUnknown({ id: refundId, orderId, providerRefundId }: Refund, tx: Tx): Promise<void> {
    if (!(await ledger.noteUnknown(refundId, tx))) return;
    const facts = { alert: 'refund_unknown', refundId, orderId, providerRefundId };
    alert(tx, facts, 'the provider knows nothing of a refund that waits for its outcome');
  }

  async function moveOn(refund: Refund, news: RefundResult & { at: Date }, tx: Tx): Promise<void> {
    const move = movedBy(refund, news);
    if (!move) return;
    const { id: refundId, orderId, paymentId, amount } = refund;
    const { providerRefundId, problem } = news;
    const { status, waitsFor } = move;
    const at = clock();
    await ledger.moveRefund({ id: refundId, ...move, providerRefundId, problem, at }, tx);
    if (!isChange(refund, move)) return;
    if (waitsFor === 'buyer' && refund.waitsFor !== 'buyer') tellOfWaiting({ refundId, orderId, providerRefundId }, tx);
    if (status === 'failed') {
      await ledger.recount(paymentId, tx);
      // A dispute that was won leaves the money where it is.
      if (refund.cause !== 'dispute')
        alert(tx, { alert: 'refund_failed', refundId, orderId, problem }, 'a refund failed');
    }
    await orders.recordRefund({ orderId, paymentId, refundId, amount, status, waitsFor, at, ...originOf(refund) }, tx);
  }

  function tellOfWaiting(facts: Readonly<Record<string, string | undefined>>, tx: Tx): void {
    alert(tx, { alert: 'refund_needs_buyer', ...facts }, 'a refund waits for the buyer to say where to send it');
  }

  function tellOfSurprise({ id: refundId, orderId }: Refund, news: RefundNews, surprise: Surprise, tx: Tx): void {
    alert(tx, { alert: surprise.alert, refundId, orderId, providerRefundId: news.providerRefundId }, surprise.text);
  }

  /** Applies what a provider tells of a refund; one that we know nothing of was made at the provider. */
  async function applyNews(news: RefundNews, tx: Tx): Promise<EventResult> {
    const known = await ledger.refundByProviderId(news.providerRefundId, tx);
    if (known) {
      await applyFurtherNews(known, news, tx);
      return 'applied';
    }
    const ours = news.refundId === undefined ? null : await ledger.refundById(news.refundId, tx);
    const surprise = ours && surpriseIn(ours, news);
    if (ours && !surprise) {
      await moveOn(ours, news, tx);
      return 'applied';
    }
    if (surprise) tellOfSurprise(ours, news, surprise, tx);
    const payment = news.paymentReference === null ? null : await ledger.paymentByReference(news.paymentReference, tx);
    if (payment) await keepExternal(payment, news, tx);
    else if (!(await noteSetAside(news, tx))) return 'unmatched';
    return 'applied';
  }

  /**
   * News of money that was set aside are kept with it, for whoever deals with it; once it was dealt with at the provider,
   * they are no news. False when it is not that.
   */
  async function noteSetAside(news: RefundNews, tx: Tx): Promise<boolean> {
    const { paymentReference: reference, providerRefundId } = news;
    const setAside = reference === null ? null : await ledger.noteReturn(reference, news, tx);
    if (!setAside) return reference !== null && ledger.isQuarantined(reference, tx);
    const { orderId } = setAside;
    const facts = { alert: 'quarantined_returned', orderId, reference: setAside.id, providerRefundId };
    alert(tx, facts, 'money that waits for a person went back at the provider');
    return true;
  }

  /**
   * A dispute that was won can be appealed, and the money is taken anew: then the ledger has a further row, which takes the
   * provider's id over. One that was lost stays so until an appeal is won. News of a dispute that are older than the last say
   * nothing. No refund is known to go on once it failed; should one do so, it is booked in the same way, and told.
   */
  async function applyFurtherNews(known: Refund, news: RefundNews, tx: Tx): Promise<void> {
    const toldAt = known.toldAt ?? known.updatedAt;
    const isDispute = known.cause === 'dispute';
    if (known.status !== 'failed' || news.status === 'failed') {
      if (!isDispute || known.toldAt === undefined || news.at >= toldAt) await moveOn(known, news, tx);
      return;
    }
    if (news.at <= toldAt) return;
    const payment = await ledger.paymentById(known.paymentId, tx);
    if (!payment) return;
    if (!isDispute) tellOfSurprise(known, news, MADE_AFTER_ALL, tx);
    await ledger.forgetProviderId(known.id, tx);
    await keepExternal(payment, news, tx);
  }

  async function keepExternal(payment: Payment, news: RefundNews, tx: Tx): Promise<void> {
    const at = clock();
    const { id: paymentId, orderId, provider, reference: paymentReference } = payment;
    const { providerRefundId, amount, status, waitsFor, problem, isDispute = false, at: toldAt } = news;
    const refund: Refund = {
      id: newId(),
      ...{ orderId, paymentId, provider, paymentReference, providerRefundId, amount, status },
      cause: isDispute ? 'dispute' : 'external',
      ...(problem === undefined ? {} : { problem }),
      ...(waitsFor === undefined ? {} : { waitsFor }),
      toldAt,
      createdAt: at,
      updatedAt: at,
    };
    const isTooMuch = status !== 'failed' && !(await ledger.reserve(paymentId, amount.amount, tx));
    if (isTooMuch) {
      const facts = { alert: 'refund_exceeds_payment', paymentId, orderId, providerRefundId };
      alert(tx, facts, 'more was refunded than we know to be left');
    }
    if (isDispute) {
      const facts = { alert: 'payment_disputed', paymentId, orderId, providerRefundId };
      alert(tx, facts, 'a payment is disputed');
    }
    await ledger.insertRefund(refund, tx);
    if (isTooMuch) await ledger.recount(paymentId, tx);
    const { id: refundId } = refund;
    if (waitsFor === 'buyer') tellOfWaiting({ refundId, orderId, providerRefundId }, tx);
    await orders.recordRefund({ orderId, paymentId, refundId, amount, status, waitsFor, at, ...originOf(refund) }, tx);
  }

  return { request, execute, applyNews };
}

/**
 * An answer is of the moment that it says, by the second as providers tell moments: later than all that was told before,
 * whatever the provider's clock says, and never taken for later than what was told meanwhile, nor for older.
 */
function answeredAt({
  before,
  meanwhile,
  said,
}: Readonly<Record<'before' | 'meanwhile', Date | undefined>> & { said: Date }): Date {
  const second = Math.floor(said.getTime() / 1_000) * 1_000;
  const after = before === undefined ? second : Math.max(second, before.getTime() + 1);
  return new Date(Math.max(after, meanwhile?.getTime() ?? after));
}

/** An answer that tells what is known leaves the moment of the last news alone: some that are older than it may be on their way. */
function saysMore(refund: Refund, answer: RefundResult & { at: Date }): boolean {
  const move = movedBy(refund, answer);
  const isNamed = refund.providerRefundId === undefined && answer.providerRefundId !== undefined;
  return isNamed || (move !== null && isChange(refund, move));
}

const isChange = (refund: Refund, { status, waitsFor }: RefundMove): boolean =>
  status !== refund.status || waitsFor !== refund.waitsFor;

const isUnfinished = ({ status, waitsFor }: Refund): boolean =>
  status === 'requested' || status === 'pending' || waitsFor !== undefined;

/** What nobody expects of a refund, as people are told of it. */
interface Surprise {
  readonly alert: string;
  readonly text: string;
}

const MADE_AFTER_ALL: Surprise = {
  alert: 'refund_made_after_all',
  text: 'a refund of ours that counts as failed was made',
};

/** Money that went back under the name of a refund of ours which it cannot be: it is booked beside it. */
function surpriseIn(ours: Refund, news: RefundNews): Surprise | null {
  if (ours.providerRefundId !== undefined)
    return { alert: 'refunded_twice', text: 'a refund of ours was made a second time' };
  return ours.status === 'failed' && news.status !== 'failed' ? MADE_AFTER_ALL : null;
}

function originOf({ cause }: Refund): Pick<RecordRefund, 'origin'> {
  if (cause === 'dispute') return { origin: 'dispute' };
  return cause === 'external' ? { origin: 'provider' } : {};
}

export type RefundService = ReturnType<typeof createRefundService>;
