import { z } from 'zod';
import { isDuplicateKeyError, sessionOption } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Logger } from '@cartwright/platform-logger';
import { defineJob, PostponeError, type JobContext } from '@cartwright/platform-queue';
import { createBatcher } from './batcher.ts';
import { readPayload } from './event.ts';
import type { DeliveredEvent } from './event.ts';
import type { EventHandler } from './handler.ts';
import { createHandlerRegistry } from './registry.ts';
import { inboxRows, outboxRows, settling } from './rows.ts';
import type { OutboxRow } from './rows.ts';

/**
 * The job that carries an event to its handlers. Part of the job catalog; its processor is `createEventProcessor`. The
 * first version carried it to one.
 */
export const deliverEvent = defineJob({
  queue: 'events',
  name: 'events.deliver',
  version: 2,
  payload: z.union([
    z.object({ eventId: z.string(), handlers: z.array(z.string()).min(1) }),
    z
      .object({ eventId: z.string(), handler: z.string() })
      .transform(({ eventId, handler }) => ({ eventId, handlers: [handler] })),
  ]),
  attempts: 5,
  backoffMs: 200,
  // Another than the first version's: a job of one must not keep out the other's where processes of both run.
  key: ({ eventId, handlers }) => ['2', eventId, ...handlers].join('/'),
  // The relay makes it again for as long as the event isn't done.
  keepFailed: false,
});

const REASON_MAX = 1_000;

/** A handler has run for an event; `latencyMs` is the time since the event was written. */
export type HandledFacts = { type: string; handler: string; latencyMs: number };

/** What has to happen for an event: those handlers are to run. */
export type Delivery = { eventId: string; handlers: readonly string[] };

/**
 * Makes the processor of `deliverEvent`. The handlers run beside each other, and each by itself: those of them that fail
 * are tried again, and no others. A handler's effects in MongoDB and the record of its run (unique by event and
 * handler) are committed together, so a repeated delivery, or one resumed after another worker has taken it over, does
 * nothing. The outbox row only sums those records up: it is marked after the commit, so that the handlers of one event
 * don't conflict with each other; a crash in between is mended by the next delivery.
 */
export const createEventProcessor = (options: {
  mongo: Mongo;
  handlers: readonly EventHandler[];
  logger: Logger;
  clock?: () => Date;
  /** Called when a handler has run, for metrics. */
  onHandled?: ((facts: HandledFacts) => void) | undefined;
}): ((delivery: Delivery, context?: Pick<JobContext, 'attempt'>) => Promise<void>) => {
  const { mongo, logger, clock = () => new Date(), onHandled } = options;
  const registry = createHandlerRegistry(options.handlers);

  /** Many at once: each would cost a trip of its own. */
  const load = createBatcher<string, OutboxRow | undefined>(async (ids) => {
    const rows = await outboxRows(mongo)
      .find({ _id: { $in: [...new Set(ids)] } })
      .toArray();
    const byId = new Map(rows.map((row) => [row._id, row]));
    return ids.map((id) => byId.get(id));
  });
  const mark = createBatcher<Delivery, void>(async (marks) => {
    const now = clock();
    const operations = marks.map(({ eventId, handlers }) => ({
      updateOne: { filter: { _id: eventId }, update: settling(handlers, now) },
    }));
    await outboxRows(mongo).bulkWrite(operations, { ordered: false });
    return marks.map(() => undefined);
  });

  /** Runs a handler and its record in one transaction; false when the record was there already. */
  const runOnce = async (handler: EventHandler, event: DeliveredEvent): Promise<boolean> => {
    const recordId = `${event.id}/${handler.name}`;
    try {
      await mongo.transaction(async (tx) => {
        await inboxRows(mongo).insertOne(
          { _id: recordId, eventId: event.id, handler: handler.name, at: clock() },
          sessionOption(tx),
        );
        await handler.handle(event, { tx });
      });
      return true;
    } catch (error) {
      const alreadyHandled = isDuplicateKeyError(error) && (await inboxRows(mongo).findOne({ _id: recordId })) !== null;
      if (!alreadyHandled) throw error;
      return false;
    }
  };

  const handle = async (handler: EventHandler, row: OutboxRow): Promise<void> => {
    const { _id: id, type, version, aggregateId, aggregateVersion, occurredAt, createdAt } = row;
    const payload = readPayload(handler.event, row);
    const event = { id, type, version, aggregateId, aggregateVersion, occurredAt, payload };
    if (handler.concerns?.(payload) === false) return;
    if (handler.transactional) {
      if (!(await runOnce(handler, event))) return;
    } else {
      await handler.handle(event);
    }
    onHandled?.({ type, handler: handler.name, latencyMs: clock().getTime() - createdAt.getTime() });
  };

  /** For people to see, should it go on like this; the run fails all the same when it can't be noted. */
  const noteFailure = async (eventId: string, handler: string, error: unknown): Promise<void> => {
    const reason = (error instanceof Error ? error.message : String(error)).slice(0, REASON_MAX);
    await outboxRows(mongo)
      .updateOne({ _id: eventId, status: { $ne: 'done' } }, { $set: { failure: { handler, reason, at: clock() } } })
      .catch(() => undefined);
  };

  /** Whether the handler has run, now or before. */
  const run = async (name: string, row: OutboxRow, isLastAttempt: boolean): Promise<boolean> => {
    const { _id: eventId, type, version } = row;
    const handler = registry.find(name);
    if (!handler) throw new PostponeError(`No handler ${name} here for the event ${eventId}`);
    if (version > handler.event.version) {
      throw new PostponeError(`The handler ${name} doesn't know version ${version} of ${type}`);
    }
    // Somebody has decided against it.
    if (row.status === 'done' && row.givenUp?.includes(name)) return false;
    if (row.handled.includes(name)) return true;
    try {
      await handle(handler, row);
      return true;
    } catch (error) {
      if (isLastAttempt) await noteFailure(eventId, name, error);
      throw error;
    }
  };

  return async ({ eventId, handlers: names }, context) => {
    const row = await load(eventId);
    if (!row) {
      logger.warn({ eventId, handlers: names }, 'event is gone from the outbox');
      return;
    }
    const isLastAttempt = (context?.attempt ?? 1) >= deliverEvent.attempts;
    const runs = await Promise.allSettled(names.map((name) => run(name, row, isLastAttempt)));
    const handled = names.filter((_, index) => {
      const ended = runs[index];
      return ended?.status === 'fulfilled' && ended.value;
    });
    if (handled.length > 0) await mark({ eventId, handlers: handled });
    const errors: unknown[] = runs.flatMap((ended) => (ended.status === 'rejected' ? [ended.reason] : []));
    if (errors.length === 0) return;
    // One that failed is tried again soon, here; one that nobody knows here is left to newer workers, which takes longer.
    throw errors.find((error) => !(error instanceof PostponeError)) ?? errors[0];
  };
};
