import type { Money } from '@cartwright/domain-money';
import type { Logger } from '@cartwright/platform-logger';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { ProcessorsFor, Queues } from '@cartwright/platform-queue';
import type { StripeGateway } from '@cartwright/platform-stripe';
import { createCashEntries } from './cash-on-delivery/cash-entries.ts';
import { createCashOnDeliveryStrategy } from './cash-on-delivery/cash-on-delivery-strategy.ts';
import { createPaymentAttemptModel } from './payment-attempt.model.ts';
import { createPaymentAttemptRepository } from './payment-attempt-repository.ts';
import { createPaymentHandlers } from './payment-handlers.ts';
import { createPaymentInspection } from './payment-inspection-repository.ts';
import { createLedgerModels } from './payment-ledger.model.ts';
import { createPaymentLedgerRepository } from './payment-ledger-repository.ts';
import type { Refund } from './payment.ts';
import { createPaymentService } from './payment-service.ts';
import { createStrategyRegistry, type StrategyRegistry } from './payment-strategy.ts';
import { closeCheckoutJob, executeRefundJob, reconcilePaymentsJob, resumeRefundsJob } from './payments.jobs.ts';
import type { OrderPaymentPort } from './payments.ports.ts';
import { createProviderEventModels } from './provider-event.model.ts';
import { createProviderEventRepository } from './provider-event-repository.ts';
import { createQuarantineDesk } from './quarantine-desk.ts';
import { createReconciler } from './reconciler.ts';
import { createRefundSweep } from './refund-sweep.ts';
import { createRefundService } from './refund-service.ts';
import { createSettlement } from './stripe-checkout/settlement.ts';
import { createStripeCheckoutStrategy } from './stripe-checkout/stripe-checkout-strategy.ts';
import { createWebhookAdmin } from './webhook-admin.ts';
import { createWebhookService } from './webhook-service.ts';

/** The jobs of payments, for the job catalog. */
export const paymentJobs = [executeRefundJob, resumeRefundsJob, closeCheckoutJob, reconcilePaymentsJob] as const;

/**
 * Puts the payments feature together. `orders` is filled with the orders feature in the composition, which in turn gets
 * `payments` as its PaymentPort; nothing is called before the first payment, so either may be made first.
 */
export function createPaymentsFeature(dependencies: {
  mongo: Mongo;
  outbox: Pick<Outbox, 'append'>;
  gateway: StripeGateway;
  orders: OrderPaymentPort;
  logger: Logger;
  clock: () => Date;
  /** See the reconciler. */
  reconcileStaleMs?: number | undefined;
}) {
  const { mongo, outbox, gateway, orders, logger, clock, reconcileStaleMs } = dependencies;
  const attemptModel = createPaymentAttemptModel(mongo.connection);
  const ledgerModels = createLedgerModels(mongo.connection);
  const attempts = createPaymentAttemptRepository({ attempts: attemptModel });
  const ledger = createPaymentLedgerRepository(ledgerModels);
  const events = createProviderEventRepository(createProviderEventModels(mongo.connection));
  const shared = { mongo, orders, logger, clock, newId };

  // Strategies report refunds, and refunds are carried out by strategies.
  let strategies: StrategyRegistry | null = null;
  const registry = (): StrategyRegistry => {
    if (!strategies) throw new Error('The payment strategies are not registered yet.');
    return strategies;
  };
  const refunds = createRefundService({ ...shared, ledger, outbox, strategies: registry });
  const settlement = createSettlement({ ...shared, attempts, ledger, refunds });
  const stripe = createStripeCheckoutStrategy({ ...shared, gateway, attempts, settlement, refunds });
  strategies = createStrategyRegistry([stripe, createCashOnDeliveryStrategy({ clock })]);

  const payments = createPaymentService({ ...shared, strategies, ledger });
  const webhooks = createWebhookService({ ...shared, gateway, events, strategies, outbox });
  const reconciler = createReconciler({
    ...shared,
    gateway,
    attempts,
    ledger,
    events,
    strategy: stripe,
    refunds,
    webhooks,
    staleMs: reconcileStaleMs,
  });

  const processors = (queues: Pick<Queues, 'enqueueMany'>): ProcessorsFor<typeof paymentJobs> => ({
    'payments.execute-refund': ({ refundId }) => refunds.execute(refundId),
    'payments.resume-refunds': createRefundSweep({ ledger, queues, clock }),
    'payments.close-checkout': async ({ orderId }) => {
      await payments.expireOpenSession(orderId);
    },
    'payments.reconcile': async (_payload, { signal }) => {
      const report = await reconciler.reconcileOpenSessions(signal);
      if (report.events > 0 || report.failures > 0) logger.info({ report }, 'payments reconciled');
    },
  });

  return {
    /** What orders call. */
    payments,
    /** The webhook route's intake. */
    webhooks: { receiveWebhook: webhooks.receiveWebhook },
    /** What operators do with the provider's events. */
    webhookAdmin: createWebhookAdmin({ events, outbox, mongo, clock }),
    /**
     * Asks for a part of a payment back, within the caller's transaction; a job carries it out. Null when there is no
     * such payment, or less than that left of it.
     */
    async requestRefund({ paymentId, amount }: { paymentId: string; amount: Money }, tx: Tx): Promise<Refund | null> {
      const payment = await ledger.paymentById(paymentId, tx);
      return payment ? refunds.request({ payment, amount, cause: 'order' }, tx) : null;
    },
    ...createCashEntries({ ledger, newId }),
    reconcileOpenSessions: reconciler.reconcileOpenSessions,
    /** Money that came in and didn't fit, for people to deal with. */
    quarantine: createQuarantineDesk({ mongo, ledger, attempts, orders, refunds, clock, newId }),
    /** What was captured, refunded and set aside, for admin pages and reconciliation. */
    ledger,
    /** The same whole, for whoever checks the books, and the books of the providers that keep some. */
    inspection: createPaymentInspection({ attempts: attemptModel, ledger: ledgerModels }),
    books: strategies.all().flatMap(({ provider, books }) => (books ? [{ provider, ...books }] : [])),
    handlers: (queues: Pick<Queues, 'enqueue'>) => createPaymentHandlers({ webhooks, attempts, queues, clock }),
    processors,
  };
}

export type PaymentsFeature = ReturnType<typeof createPaymentsFeature>;
