import type { z } from 'zod';

/** A kind of fact, in the past tense: `order.placed`. `version` counts up when the payload changes its shape. */
export type EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> = {
  type: Type;
  version: number;
  /** Stored as BSON: dates stay dates. */
  payload: Schema;
};

export type EventPayload<Definition> = Definition extends { payload: infer Schema extends z.ZodType }
  ? z.output<Schema>
  : never;

/** An event about to be written with the change that it tells of. */
export type PendingEvent<Definition extends EventDefinition = EventDefinition> = {
  event: Definition;
  aggregateId: string;
  /** The version the aggregate has after the change: handlers tell old news by it. */
  aggregateVersion: number;
  payload: EventPayload<Definition>;
  occurredAt: Date;
};

/** A pending event of whatever definition, for lists put together from several places; the payload is checked then. */
export type AnyPendingEvent = {
  event: EventDefinition;
  aggregateId: string;
  aggregateVersion: number;
  payload: unknown;
  occurredAt: Date;
};

/** An event as its handlers get it. */
export type DeliveredEvent<Definition extends EventDefinition = EventDefinition> = {
  id: string;
  type: Definition['type'];
  version: number;
  aggregateId: string;
  aggregateVersion: number;
  payload: EventPayload<Definition>;
  occurredAt: Date;
};

/** Defines an event. Nothing happens at definition; handlers and appends refer to the returned object. */
export const defineEvent = <const Type extends string, Schema extends z.ZodType>(
  definition: EventDefinition<Type, Schema>,
): EventDefinition<Type, Schema> => definition;
