import type { Tx } from '@cartwright/platform-mongo';
import type { DeliveredEvent, EventDefinition, EventPayload } from './event.ts';

export type HandlerContext = {
  /** The transaction that also records the run: effects in MongoDB written with it happen exactly once. */
  tx: Tx;
};

type Reaction<Definition extends EventDefinition> = {
  /** Unique and lasting, like `orders.schedule-expiry`: the record of what has run is kept under it. */
  name: string;
  event: Definition;
  /** Whether there is anything to do for an event with this payload; always when absent. */
  concerns?(payload: EventPayload<Definition>): boolean;
};

/** One reaction to one kind of event. */
export type EventHandler<Definition extends EventDefinition = EventDefinition> = Reaction<Definition> & {
  /** Whether its effects are in MongoDB, so that it needs a transaction and the record of its run in it. */
  transactional: boolean;
  handle(event: DeliveredEvent<Definition>, context?: HandlerContext): Promise<void>;
};

// The processor parses the payload with the handler's own definition before it calls.
const ofAny = <Definition extends EventDefinition>({
  name,
  event,
  concerns,
}: Reaction<Definition>): Reaction<EventDefinition> => ({
  ...{ name, event },
  ...(concerns && { concerns: (payload) => concerns(payload as EventPayload<Definition>) }),
});

/**
 * Defines a handler whose effects are in MongoDB; they happen exactly once. `handle` runs in a transaction, possibly
 * several times until it commits. What it does outside of MongoDB besides must be idempotent; events come in any order
 * (compare `aggregateVersion`).
 */
export const defineHandler = <Definition extends EventDefinition>(
  handler: Reaction<Definition> & {
    handle(event: DeliveredEvent<Definition>, context: HandlerContext): Promise<void>;
  },
): EventHandler => ({
  ...ofAny(handler),
  transactional: true,
  handle: async (event, context) => {
    if (!context) throw new Error(`The handler ${handler.name} needs a transaction`);
    await handler.handle(event as DeliveredEvent<Definition>, context);
  },
});

/**
 * Defines a handler whose effects are idempotent by themselves (keyed jobs, entries of streams with the event's id, copies
 * brought up to a version): without a transaction and a record of its run, so it costs a third. It runs at least once; a
 * crash right after it runs it again.
 */
export const defineOutsideHandler = <Definition extends EventDefinition>(
  handler: Reaction<Definition> & { handle(event: DeliveredEvent<Definition>): Promise<void> },
): EventHandler => ({
  ...ofAny(handler),
  transactional: false,
  handle: (event) => handler.handle(event as DeliveredEvent<Definition>),
});
