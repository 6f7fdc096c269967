import { isDomainError } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import {
  afterCommit,
  isCommitUnknown,
  isDuplicateKeyError,
  isMongoUnavailable,
  type Mongo,
  type Tx,
} from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import type { StripeEvent, StripeGateway } from '@cartwright/platform-stripe';
import { createAlerts } from './alerts.ts';
import type { EventResult, StrategyRegistry } from './payment-strategy.ts';
import { paymentEventReceived } from './payments.events.ts';
import type { ProviderEventDoc } from './provider-event.model.ts';
import { RETRY_FOR_MS, type ProviderEventRepository } from './provider-event-repository.ts';
import { isHandledType } from './stripe-checkout/session-news.ts';

/** Stripe shows events for 30 days; ours are kept longer, for looking into and for applying again. */
const KEEP_MS = 90 * 24 * 60 * 60 * 1000;

/** What people are told as an event is given up. */
const UNMATCHED = { alert: 'event_unmatched', text: 'an event about nothing we know of was given up' };
const FAILING = { alert: 'event_failed', text: 'an event that fails each time it is applied was given up' };

/** An event about nothing known is tried again after so long, then after twice as long each time, and this at most. */
const RETRY_FIRST_MS = 60_000;
const RETRY_MOST_MS = 60 * 60_000;
/** So often at least, also one that is old already as it is taken up. */
const RETRIES_LEAST = 6;

/** Takes webhooks in: verified, stored once together with the order to apply them, and answered. */
export function createWebhookService(dependencies: {
  gateway: Pick<StripeGateway, 'verifyWebhook'>;
  events: ProviderEventRepository;
  strategies: Pick<StrategyRegistry, 'ofProvider'>;
  outbox: Pick<Outbox, 'append'>;
  mongo: Pick<Mongo, 'transaction'>;
  logger: Logger;
  clock: () => Date;
}) {
  const { gateway, events, strategies, outbox, mongo, logger, clock } = dependencies;
  const alert = createAlerts(logger);

  const announce = ({ _id: eventId, occurredAt }: ProviderEventDoc, aggregateVersion: number, tx: Tx) =>
    outbox.append(tx, [
      { event: paymentEventReceived, aggregateId: eventId, aggregateVersion, payload: { eventId }, occurredAt },
    ]);

  /** Has an event applied that an earlier version of the shop made nothing of. False when that was not so, or is no more. */
  const takeUp = (eventId: string): Promise<boolean> =>
    mongo.transaction(async (tx) => {
      const stored = await events.byId(eventId, tx);
      if (stored?.status !== 'ignored') return false;
      await announce(stored, await events.receiveAgain(eventId, tx), tx);
      return true;
    });

  /**
   * Stores an event, and what is to be done about it, once. True when it was new, or had been left alone by an earlier
   * version of the shop that made nothing of its type.
   */
  async function store(event: StripeEvent, body: string): Promise<boolean> {
    const now = clock();
    const handled = isHandledType(event.type);
    const known = await events.byId(event.id);
    if (known) return handled && takeUp(event.id);
    try {
      await mongo.transaction(async (tx) => {
        const doc: ProviderEventDoc = {
          _id: event.id,
          provider: 'stripe',
          type: event.type,
          body,
          status: handled ? 'received' : 'ignored',
          occurredAt: event.createdAt,
          receivedAt: now,
          purgeAt: new Date(now.getTime() + KEEP_MS),
        };
        await events.insert(doc, tx);
        if (handled) await announce(doc, 1, tx);
      });
      return true;
    } catch (error) {
      // Delivered twice in the same moment.
      if (isDuplicateKeyError(error)) return false;
      throw error;
    }
  }

  /** People are told when an event is first about nothing known, and when it is given up. */
  async function tryLater(
    { _id: id, type, receivedAt, tries: before = 0 }: ProviderEventDoc,
    why: typeof UNMATCHED,
    tx: Tx,
  ): Promise<void> {
    const at = clock();
    const next = new Date(at.getTime() + Math.min(RETRY_FIRST_MS * 2 ** before, RETRY_MOST_MS));
    const isGivenUp = before >= RETRIES_LEAST && next.getTime() > receivedAt.getTime() + RETRY_FOR_MS;
    await events.unmatchedAt({ id, at, tries: before + 1, retryAt: isGivenUp ? undefined : next }, tx);
    if (isGivenUp) {
      alert(tx, { alert: why.alert, eventId: id, type }, why.text);
    } else if (before === 0 && why === UNMATCHED) {
      afterCommit(tx, `unmatched/${id}`, () =>
        logger.warn({ eventId: id, type }, 'an event is about nothing we know of'),
      );
    }
  }

  /** Applies a stored event, in the transaction that records it. An event that was applied changes nothing. */
  async function apply(eventId: string, tx: Tx): Promise<EventResult> {
    const stored = await events.byId(eventId, tx);
    if (!stored || stored.status === 'applied' || stored.status === 'ignored') return 'applied';
    const result = await strategies.ofProvider(stored.provider).handleEvent({ id: eventId, body: stored.body }, tx);
    if (result === 'unmatched') await tryLater(stored, UNMATCHED, tx);
    else await events.applied(eventId, clock(), tx);
    return result;
  }

  return {
    store,
    takeUp,
    apply,

    /**
     * Accepted: the event is stored now, or has been before; the queue applies it. Refused: the signature, its age or
     * the mode is wrong, and nothing was changed. Throws when it could not be stored; Stripe then sends it again.
     */
    async receiveWebhook(rawBody: Buffer, signature: string): Promise<'accepted' | 'refused'> {
      const verified = gateway.verifyWebhook(rawBody, signature);
      if (!verified.ok) {
        logger.warn({ refusal: verified.refusal }, 'a webhook was refused');
        return 'refused';
      }
      await store(verified.event, rawBody.toString('utf8'));
      return 'accepted';
    },

    /**
     * Applies an event once more that was about nothing known. Rejects when that fails, which counts as tried in vain; that
     * the database is away does not.
     */
    async retry(eventId: string): Promise<EventResult> {
      try {
        return await mongo.transaction((tx) => apply(eventId, tx));
      } catch (error) {
        if (!isOutage(error)) {
          await mongo.transaction(async (tx) => {
            const stored = await events.byId(eventId, tx);
            if (stored?.status === 'unmatched') await tryLater(stored, FAILING, tx);
          });
        }
        throw error;
      }
    },
  };
}

const isOutage = (error: unknown): boolean =>
  isMongoUnavailable(error) || isCommitUnknown(error) || isDomainError(error, 'SERVICE_UNAVAILABLE');

export type WebhookService = ReturnType<typeof createWebhookService>;
