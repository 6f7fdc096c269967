import type { Logger } from '@cartwright/platform-logger';
import type { StripeGateway } from '@cartwright/platform-stripe';
import type { PaymentAttemptRepository } from './payment-attempt-repository.ts';
import type { PaymentLedgerRepository } from './payment-ledger-repository.ts';
import type { ProviderEventRepository } from './provider-event-repository.ts';
import type { RefundService } from './refund-service.ts';
import { HANDLED_EVENT_TYPES } from './stripe-checkout/session-news.ts';
import type { StripeCheckoutStrategy } from './stripe-checkout/stripe-checkout-strategy.ts';
import type { WebhookService } from './webhook-service.ts';

const STALE_MS = 5 * 60_000;
/**
 * Open pages and banks that take their time are left alone for so many times longer: what becomes of them is told by events, which
 * are read as often as everything here.
 */
const QUIET_TIMES = 12;
const BATCH = 100;
/** So many at a time wait for Stripe's answers. */
const AT_ONCE = 4;
/** Events are listed again from so long before the last look, since Stripe may list them a little late. */
const OVERLAP_MS = 10 * 60_000;
/** How far back the first look goes. */
const LOOK_BACK_MS = 3 * 24 * 60 * 60 * 1000;

/** Banks take days; after so long something is wrong. */
const PROCESSING_MS = 14 * 24 * 60 * 60 * 1000;

export interface ReconciliationReport {
  /** Unfinished attempts that Stripe was asked about. */
  readonly attempts: number;
  /** Events that had never come, or were left alone by an earlier version that made nothing of their type. */
  readonly events: number;
  /** Events that found their match at last. */
  readonly matched: number;
  readonly refunds: number;
  /** What could not be finished this time; it is tried again the next. */
  readonly failures: number;
}

/**
 * Finds what webhooks never told: reads Stripe's list of events for those that never arrived, and asks about every refund
 * and attempt that is unfinished although it should not be, or that nothing was told of for a while.
 */
export function createReconciler(dependencies: {
  gateway: Pick<StripeGateway, 'listEvents'>;
  attempts: PaymentAttemptRepository;
  ledger: PaymentLedgerRepository;
  events: ProviderEventRepository;
  strategy: Pick<StripeCheckoutStrategy, 'refresh'>;
  refunds: Pick<RefundService, 'execute'>;
  webhooks: Pick<WebhookService, 'store' | 'takeUp' | 'retry'>;
  logger: Logger;
  clock: () => Date;
  /** How long something may be left alone; 5 minutes by default, and twelve times as long for what just takes its time. */
  staleMs?: number | undefined;
}) {
  const { gateway, attempts, ledger, events, strategy, refunds, webhooks, logger, clock } = dependencies;
  const { staleMs = STALE_MS } = dependencies;
  const ago = (milliseconds: number): Date => new Date(clock().getTime() - milliseconds);

  /**
   * Runs the task for each item, some at a time, until the signal; one that fails is logged and doesn't keep the others from theirs. `touch` comes first:
   * it puts the item at the end of the line, so that those which fail each time don't stand before the rest for ever.
   */
  async function each<T>(
    items: readonly T[],
    task: (item: T) => Promise<unknown>,
    { signal, touch }: { signal: AbortSignal | undefined; touch?: (item: T) => Promise<void> },
  ): Promise<{ done: number; failed: number }> {
    let done = 0;
    let failed = 0;
    const left = items.values();
    async function work(): Promise<void> {
      for (const item of left) {
        if (signal?.aborted) return;
        try {
          await touch?.(item);
          await task(item);
          done += 1;
        } catch (error) {
          failed += 1;
          logger.warn({ err: error }, 'a payment could not be reconciled');
        }
      }
    }
    await Promise.all(Array.from({ length: AT_ONCE }, work));
    return { done, failed };
  }

  async function readMissedEvents(signal: AbortSignal | undefined): Promise<number> {
    const startedAt = clock();
    const readUntil = await events.readUntil('stripe');
    const since = readUntil ? new Date(readUntil.getTime() - OVERLAP_MS) : ago(LOOK_BACK_MS);
    let missed = 0;
    for await (const { event, body } of gateway.listEvents({ types: HANDLED_EVENT_TYPES, since })) {
      // What is left is read the next time: how far it was read is not noted.
      if (signal?.aborted) return missed;
      // The newest may be on their way at this moment.
      if (event.createdAt > ago(staleMs)) continue;
      if (await webhooks.store(event, body)) missed += 1;
    }
    await events.setReadUntil('stripe', new Date(startedAt.getTime() - staleMs));
    return missed;
  }

  /** Tells people, once, of payments that have been in processing for too long. */
  async function reportOverdue(): Promise<void> {
    for (;;) {
      const attempt = await attempts.markOverdue(ago(PROCESSING_MS), 'processing_overdue');
      if (!attempt) return;
      const { orderId, sessionId } = attempt;
      logger.error({ alert: 'payment_overdue', orderId, sessionId }, 'a payment has been in processing for two weeks');
    }
  }

  return {
    /** Looks at everything once. The signal ends it early; the next run goes on with what is left. */
    async reconcileOpenSessions(signal?: AbortSignal): Promise<ReconciliationReport> {
      const before = ago(staleMs);
      let missed = 0;
      const readOnce = async (task: typeof readMissedEvents) => {
        missed = await task(signal);
      };
      // First what is told in few calls, and what others have waited for: asking about every page may take all the time.
      const read = await each([readMissedEvents], readOnce, { signal });
      // Stripe lists the latest again; what was left alone before is here.
      const takeUp = async (eventId: string) => {
        if (await webhooks.takeUp(eventId)) missed += 1;
      };
      const left = await each(await events.leftAlone(HANDLED_EVENT_TYPES, BATCH), takeUp, { signal });
      const unmatched = await events.unmatched(clock(), BATCH);
      let matched = 0;
      const retryOnce = async (eventId: string) => {
        const now = clock();
        if (!(await events.putOff(eventId, { now, retryAt: new Date(now.getTime() + staleMs) }))) return;
        if ((await webhooks.retry(eventId)) === 'applied') matched += 1;
      };
      const retried = await each(unmatched, retryOnce, { signal });
      const unfinished = await ledger.unfinishedRefunds(before, BATCH);
      const refunded = await each(unfinished, ({ id }) => refunds.execute(id), {
        signal,
        touch: ({ id }) => ledger.touchRefund(id, clock()),
      });
      await reportOverdue();
      const due = await attempts.stale({ before, quiet: ago(QUIET_TIMES * staleMs), now: clock() }, BATCH);
      const asked = await each(due, (attempt) => strategy.refresh(attempt), {
        signal,
        touch: ({ id }) => attempts.touch(id, clock()),
      });
      return {
        attempts: asked.done,
        events: missed,
        matched,
        refunds: refunded.done,
        failures: asked.failed + read.failed + left.failed + retried.failed + refunded.failed,
      };
    },
  };
}

export type Reconciler = ReturnType<typeof createReconciler>;
