import { z } from 'zod';
import { isDuplicateKeyError, sessionOption } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Logger } from '@cartwright/platform-logger';
import { defineJob } from '@cartwright/platform-queue';
import type { EventHandler } from './handler.ts';
import { inboxRows, outboxRows } from './rows.ts';
import type { OutboxRow } from './rows.ts';

/** The job that carries one event to one handler. Part of the job catalog; its processor is `createEventProcessor`. */
export const deliverEvent = defineJob({
  queue: 'events',
  name: 'events.deliver',
  payload: z.object({ eventId: z.string(), handler: z.string() }),
  attempts: 5,
  backoffMs: 200,
  key: ({ eventId, handler }) => `${eventId}/${handler}`,
  // The relay makes it again for as long as the event isn't done.
  keepFailed: false,
});

/**
 * Makes the processor of `deliverEvent`. Each handler's effects and the record of its run (unique by event and handler)
 * are committed together, so a repeated delivery does nothing. The outbox row only sums those records up: it is marked
 * after the commit, by an atomic update, so that the handlers of one event don't conflict with each other; a crash in
 * between is mended by the next delivery.
 */
export const createEventProcessor = (options: {
  mongo: Mongo;
  handlers: readonly EventHandler[];
  logger: Logger;
  clock?: () => Date;
  /** Called when a handler has run, with the time since the event was written; for metrics. */
  onHandled?: (facts: { type: string; handler: string; latencyMs: number }) => void;
}): ((payload: { eventId: string; handler: string }) => Promise<void>) => {
  const { mongo, logger, clock = () => new Date(), onHandled } = options;
  const handlers = new Map(options.handlers.map((handler) => [handler.name, handler]));
  const namesByType = handlersByType(options.handlers);

  const handleOnce = async (handler: EventHandler, row: OutboxRow): Promise<void> => {
    const recordId = `${row._id}/${handler.name}`;
    const payload = handler.event.payload.parse(row.payload);
    try {
      await mongo.transaction(async (tx) => {
        await inboxRows(mongo).insertOne(
          { _id: recordId, eventId: row._id, handler: handler.name, at: clock() },
          sessionOption(tx),
        );
        const { _id: id, type, version, aggregateId, aggregateVersion, occurredAt } = row;
        await handler.handle({ id, type, version, aggregateId, aggregateVersion, occurredAt, payload }, { tx });
      });
      onHandled?.({ type: row.type, handler: handler.name, latencyMs: clock().getTime() - row.createdAt.getTime() });
    } catch (error) {
      const alreadyHandled = isDuplicateKeyError(error) && (await inboxRows(mongo).findOne({ _id: recordId })) !== null;
      if (!alreadyHandled) throw error;
    }
  };

  const mark = async (row: OutboxRow, handler: string): Promise<void> => {
    const updated = await outboxRows(mongo).findOneAndUpdate(
      { _id: row._id },
      { $addToSet: { handled: handler } },
      { returnDocument: 'after' },
    );
    const expected = namesByType.get(row.type) ?? [];
    if (!updated || updated.status === 'done' || !expected.every((name) => updated.handled.includes(name))) return;
    await outboxRows(mongo).updateOne(
      { _id: row._id },
      { $set: { status: 'done', doneAt: clock() }, $unset: { dueAt: '', claim: '' } },
    );
  };

  return async ({ eventId, handler: name }) => {
    const handler = handlers.get(name);
    if (!handler) throw new Error(`No handler ${name} for the event ${eventId}`);
    const row = await outboxRows(mongo).findOne({ _id: eventId });
    if (!row) {
      logger.warn({ eventId, handler: name }, 'event is gone from the outbox');
      return;
    }
    if (!row.handled.includes(name)) await handleOnce(handler, row);
    await mark(row, name);
  };
};

/** Handler names by event type. */
export const handlersByType = (handlers: readonly EventHandler[]): Map<string, string[]> => {
  const byType = new Map<string, string[]>();
  const names = new Set<string>();
  for (const { name, event } of handlers) {
    if (names.has(name)) throw new Error(`Two event handlers are called ${name}`);
    names.add(name);
    byType.set(event.type, [...(byType.get(event.type) ?? []), name]);
  }
  return byType;
};
