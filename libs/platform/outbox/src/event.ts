import type { z } from 'zod';

/** A kind of fact, in the past tense: `order.placed`. `version` counts up when the payload changes its shape. */
export type EventDefinition<Type extends string = string, Schema extends z.ZodType = z.ZodType> = {
  type: Type;
  version: number;
  /** Stored as BSON: dates stay dates. */
  payload: Schema;
  /** Makes a payload of this version of one that an earlier version wrote; without it, those must fit the schema too. */
  upgrade?: ((payload: unknown, version: number) => unknown) | undefined;
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

/** A stored payload as the definition of now has it. Throws a ZodError when it doesn't fit. */
export const readPayload = (
  definition: EventDefinition,
  { payload, version }: { payload: unknown; version: number },
): unknown =>
  definition.payload.parse(
    version < definition.version && definition.upgrade ? definition.upgrade(payload, version) : payload,
  );
