import { createFeed, type FeedStreams } from '@cartwright/api-core';
import { orderCanceled, orderPaid, orderPlaced, orderUpdated } from '@cartwright/feature-orders';
import { newId } from '@cartwright/platform-mongo';
import { defineOutsideHandler, type EventHandler } from '@cartwright/platform-outbox';
import { defineJob, type Queues } from '@cartwright/platform-queue';
import { COUNTERS_STREAM, type StreamEntry, type Streams } from '@cartwright/platform-streams';
import { z } from 'zod';
import { countersSchema, type CountersDto } from './analytics.contracts.ts';
import { dayIn, startOfDay } from './calendar.ts';

const COUNTERS_ENTRY = 'counters';
const SECOND_MS = 1_000;

/** What live counters need of orders: counts over those placed and paid since a moment. */
export interface LiveOrdersPort {
  liveCounts(since: Date): Promise<{
    placed: number;
    paid: number;
    /** Minor units by currency. */
    revenue: { currency: string; amount: number }[];
    pending: number;
  }>;
}

/** Runs once for each second in which something happened to an order, when that second is over. */
export const publishCounters = defineJob({
  queue: 'analytics',
  name: 'analytics.publish-counters',
  payload: z.strictObject({ second: z.number().int() }),
  attempts: 3,
  backoffMs: 500,
  key: ({ second }) => String(second),
});

/** Repeats: carts that got their first item are counted. */
export const countCarts = defineJob({
  queue: 'analytics',
  name: 'analytics.count-carts',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 1_000,
});

/** Repeats every minute: a new day begins anew also when nobody orders, and what was missed shows a minute later. */
export const rollCounters = defineJob({
  queue: 'analytics',
  name: 'analytics.roll-counters',
  payload: z.strictObject({}),
  attempts: 3,
  backoffMs: 1_000,
});

/** Dates come back from a stream as text. */
const storedSchema = z.looseObject({ at: z.coerce.date() });

const read = ({ type, data }: StreamEntry): unknown =>
  type === COUNTERS_ENTRY ? { ...storedSchema.parse(data), type } : undefined;

/**
 * Counters of today in the shop's calendar, live for operators. They are counted anew each time, so they can't drift from
 * the orders; however many orders come, that is once a second at most.
 */
export function createCounters({
  orders,
  streams,
  queues,
  timezone,
  clock,
}: {
  orders: LiveOrdersPort;
  streams: FeedStreams & Pick<Streams, 'append'>;
  queues: Pick<Queues, 'enqueue'>;
  timezone: string;
  clock: () => Date;
}) {
  async function counters(): Promise<CountersDto> {
    const at = clock();
    const { placed, paid, revenue, pending } = await orders.liveCounts(startOfDay(timezone, at));
    return {
      type: COUNTERS_ENTRY,
      day: dayIn(timezone, at),
      ordersToday: placed,
      paidToday: paid,
      revenueToday: revenue.map(({ currency, amount }) => ({ amount, currency })),
      pendingOrders: pending,
      at,
    };
  }

  /**
   * Under an id of its own: hosts whose clocks differ publish under one second's name more than once, and none of it may be
   * dropped as a repetition. A run that repeats tells the same twice, which does no harm.
   */
  async function publish(): Promise<void> {
    const { type, ...data } = await counters();
    await streams.append(COUNTERS_STREAM, { id: newId(), type, data });
  }

  async function schedule(): Promise<void> {
    const second = Math.floor(clock().getTime() / SECOND_MS);
    const delayMs = (second + 1) * SECOND_MS - clock().getTime();
    await queues.enqueue(publishCounters, { second }, { delayMs: Math.max(0, delayMs) });
  }

  const handlers: EventHandler[] = [
    defineOutsideHandler({ name: 'analytics.count-placed', event: orderPlaced, handle: schedule }),
    defineOutsideHandler({ name: 'analytics.count-paid', event: orderPaid, handle: schedule }),
    defineOutsideHandler({ name: 'analytics.count-canceled', event: orderCanceled, handle: schedule }),
    defineOutsideHandler({ name: 'analytics.count-updated', event: orderUpdated, handle: schedule }),
  ];

  return {
    handlers,
    /** The counters of now. */
    counters,
    /** Begins with the counters of now. */
    feed: createFeed({ streams, schema: countersSchema, read, state: counters }),
    publish,
  };
}

export type Counters = ReturnType<typeof createCounters>;
