import { schemaOptions } from '@cartwright/platform-mongo';
import { Schema, type Connection, type Model } from 'mongoose';

/**
 * A provider's event as it came in. received: to be applied. applied. ignored: of a type we make nothing of.
 * unmatched: about something we don't know of; tried again by the reconciler, until it is given up. One that fails at first
 * stays received: the outbox goes on trying it, and tells of it.
 */
export interface ProviderEventDoc {
  /** The provider's id of the event: each is kept once. */
  _id: string;
  provider: 'stripe';
  type: string;
  body: string;
  status: 'received' | 'applied' | 'ignored' | 'unmatched';
  /** When the provider says it happened. */
  occurredAt: Date;
  receivedAt: Date;
  /** When it was applied, or tried the last time. */
  appliedAt?: Date;
  /** How often it was tried in vain; rows of earlier versions don't say. */
  tries?: number;
  /** When it is tried again; absent once it is given up. */
  retryAt?: Date;
  /** How often people had it applied again. */
  replays?: number;
  purgeAt: Date;
}

/** Where reading the provider's own list of events has got to. */
export interface EventCursorDoc {
  _id: string;
  readUntil: Date;
}

export interface ProviderEventModels {
  events: Model<ProviderEventDoc>;
  cursors: Model<EventCursorDoc>;
}

const required = { type: String, required: true } as const;
const date = { type: Date, required: true } as const;

const eventSchema = new Schema<ProviderEventDoc>(
  {
    _id: required,
    provider: required,
    type: required,
    body: required,
    status: required,
    occurredAt: date,
    receivedAt: date,
    appliedAt: Date,
    tries: Number,
    retryAt: Date,
    replays: Number,
    purgeAt: date,
  },
  { ...schemaOptions, collection: 'payment_events' },
);
// The reconciler's question: which events about nothing known are to be tried again?
eventSchema.index({ status: 1, retryAt: 1, receivedAt: 1 });
// The reconciler's other question: which events did an earlier version leave alone that this one makes something of?
eventSchema.index({ status: 1, type: 1, receivedAt: 1 });
// Pages for operators, of all and of one status.
eventSchema.index({ receivedAt: -1, _id: -1 });
eventSchema.index({ status: 1, receivedAt: -1, _id: -1 });
eventSchema.index({ purgeAt: 1 }, { expireAfterSeconds: 0 });

const cursorSchema = new Schema<EventCursorDoc>(
  { _id: required, readUntil: date },
  { ...schemaOptions, collection: 'payment_event_cursors' },
);

/** Binds the collections of provider events to a connection. */
export const createProviderEventModels = (connection: Connection): ProviderEventModels => ({
  events: connection.model<ProviderEventDoc>('PaymentEvent', eventSchema),
  cursors: connection.model<EventCursorDoc>('PaymentEventCursor', cursorSchema),
});
