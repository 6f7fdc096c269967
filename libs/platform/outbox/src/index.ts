export { defineEvent } from './event.ts';
export type { AnyPendingEvent, DeliveredEvent, EventDefinition, EventPayload, PendingEvent } from './event.ts';
export { createOutbox } from './outbox.ts';
export type { Outbox } from './outbox.ts';
export { defineHandler } from './handler.ts';
export type { EventHandler, HandlerContext } from './handler.ts';
export { createEventProcessor, deliverEvent } from './processor.ts';
export { createRelay } from './relay.ts';
export type { Relay } from './relay.ts';
