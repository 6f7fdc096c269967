import type { Tx } from '@cartwright/platform-mongo';
import type { DeliveredEvent, EventDefinition } from './event.ts';

export type HandlerContext = {
  /** The transaction that also records the run: effects in MongoDB written with it happen exactly once. */
  tx: Tx;
};

/** One reaction to one kind of event. */
export type EventHandler<Definition extends EventDefinition = EventDefinition> = {
  /** Unique and lasting, like `orders.schedule-expiry`: the record of what has run is kept under it. */
  name: string;
  event: Definition;
  /**
   * Runs in a transaction, possibly several times until it commits. Effects outside of MongoDB (enqueueing a job,
   * appending to a stream) must be idempotent; events come in any order (compare `aggregateVersion`).
   */
  handle(event: DeliveredEvent<Definition>, context: HandlerContext): Promise<void>;
};

/** Defines a handler; the result fits into the list that relay and processor take. */
export const defineHandler = <Definition extends EventDefinition>(handler: EventHandler<Definition>): EventHandler => ({
  name: handler.name,
  event: handler.event,
  // The processor parses the payload with this very definition before it calls.
  handle: (event, context) => handler.handle(event as DeliveredEvent<Definition>, context),
});
