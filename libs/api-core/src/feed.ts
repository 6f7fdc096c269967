import { tracked } from '@trpc/server';
import type { TrackedEnvelope } from '@trpc/server';
import type { z } from 'zod';
import type { StreamEntry, StreamItem, SubscribeOptions } from '@cartwright/platform-streams';
import type { RequestContext } from './context.sealed.ts';
import { createRechecks, settleWithin } from './rechecks.ts';

/**
 * What a subscription yields besides its events. `ready` comes first on a new one: what is read after it misses nothing.
 * `resync`: events were missed for good, the client loads its state anew.
 */
export type FeedSign = { type: 'ready' } | { type: 'resync' };

/** Sent now and then when nothing else is, as a place to resume from. The SDK keeps it to itself, so no type tells it. */
type Checkpoint = { type: 'checkpoint' };

/** What a feed needs of platform-streams. */
export type FeedStreams = {
  subscribe(streamName: string, options: SubscribeOptions): AsyncIterable<StreamItem>;
};

export type FeedRequest<Event, Told = Event> = {
  /** The procedure's context: its caller's rights are looked at again while the subscription runs. */
  ctx: RequestContext;
  /** The name of the stream to follow. */
  stream: string;
  /** From the input, as `resumable` adds it. */
  lastEventId?: string | undefined;
  /** Only entries with one of these topics. */
  topics?: readonly string[] | undefined;
  /** Only events that pass. */
  accept?: ((event: Event) => boolean) | undefined;
  /** Adds what is only known when an event is delivered, such as a count; one after the other, in their order. */
  tell?: ((event: Event) => Promise<Told>) | undefined;
  /** Looks whether the caller may follow what it asks for; throws when not. At the beginning and again while it runs. */
  authorise?: (() => Promise<void>) | undefined;
};

export type Feed<Event> = <Told = Event>(
  request: FeedRequest<Event, Told>,
) => AsyncIterable<TrackedEnvelope<Told | FeedSign>, void, undefined>;

/**
 * When an event is delivered its right was asked for this long ago at most, and looked at this often when none is. What is
 * remembered of a session may be half a second old itself: one second in all.
 */
const FRESH_MS = 500;
const RECHECK_MS = 30_000;
/** How long it may take to look at a right. */
const CHECK_LIMIT_MS = 5_000;

/**
 * Makes the subscriptions to one kind of event: the one way by which every subscription runs. `read` makes the event of a
 * stream's entry, or undefined of one that is none; the schema checks it, once per process, however many follow.
 *
 * Each subscription hears the stream before it reads the backlog, gives each item an id to resume from, and ends with the
 * error when its caller may not go on. A slow client is waited for; what it misses meanwhile it gets from the stream.
 */
export const createFeed = <Schema extends z.ZodType>(options: {
  streams: FeedStreams;
  schema: Schema;
  read: (entry: StreamEntry) => unknown;
  /** Where events tell a whole state: the event of now, for whoever begins or missed some. */
  state?: () => Promise<z.input<Schema>>;
  freshMs?: number;
  recheckMs?: number;
  checkLimitMs?: number;
}): Feed<z.output<Schema>> => {
  type Event = z.output<Schema>;
  const { streams, schema, read, state } = options;
  const { freshMs = FRESH_MS, recheckMs = RECHECK_MS, checkLimitMs = CHECK_LIMIT_MS } = options;
  const rechecks = createRechecks({ everyMs: recheckMs });
  const events = new WeakMap<StreamEntry, { event?: Event; defect?: unknown }>();

  /** An entry that doesn't fit is a defect of ours: clients load the state anew instead of failing on it for ever. */
  const eventOf = (entry: StreamEntry, ctx: RequestContext): { event?: Event; defect?: unknown } => {
    const known = events.get(entry);
    if (known) return known;
    let found: { event?: Event; defect?: unknown } = {};
    try {
      const input = read(entry);
      if (input !== undefined) found = { event: schema.parse(input) };
    } catch (error) {
      ctx.logger.error({ err: error, type: entry.type, id: entry.id }, 'a stream entry does not fit its schema');
      found = { defect: error };
    }
    events.set(entry, found);
    return found;
  };

  const follow = <Told>(
    request: FeedRequest<Event, Told>,
  ): AsyncIterableIterator<TrackedEnvelope<Event | Told | FeedSign | Checkpoint>> => {
    const { ctx, stream, lastEventId, topics, accept, authorise, tell } = request;
    const { stillAllowed } = ctx;
    let source: AsyncIterator<StreamItem> | undefined;
    let over = false;
    let failure: { error: unknown } | undefined;
    let checkedAt = 0;
    /** The id of a sign after which the state of now is told. */
    let stateDue: string | undefined;
    let uncheck: (() => void) | undefined;

    const end = (): void => {
      over = true;
      uncheck?.();
      void source?.return?.();
    };
    const check =
      stillAllowed || authorise
        ? async (): Promise<void> => {
            const askedAt = Date.now();
            await settleWithin(checkLimitMs, async () => {
              await stillAllowed?.();
              await authorise?.();
            });
            checkedAt = askedAt;
          }
        : undefined;

    const begin = async (): Promise<AsyncIterator<StreamItem>> => {
      checkedAt = Date.now();
      if (authorise) await settleWithin(checkLimitMs, authorise);
      if (check && !over) {
        uncheck = rechecks.add({
          check,
          checkedAt: () => checkedAt,
          onRefused: (error) => {
            failure = { error };
            end();
          },
        });
      }
      const items = streams.subscribe(stream, {
        lastEventId,
        topics,
        accept: (entry) => {
          const { event, defect } = eventOf(entry, ctx);
          return defect !== undefined || (event !== undefined && (!accept || accept(event)));
        },
      });
      return items[Symbol.asyncIterator]();
    };

    const dataOf = async (item: StreamItem): Promise<Event | Told | FeedSign | Checkpoint> => {
      if (item.kind !== 'event') return { type: item.kind };
      const { event } = eventOf(item, ctx);
      if (event === undefined) return { type: 'resync' };
      return tell ? tell(event) : event;
    };

    return {
      next: async () => {
        try {
          await ctx.drained?.();
          if (!over && state && stateDue !== undefined) {
            const id = stateDue;
            stateDue = undefined;
            return { done: false, value: tracked(id, schema.parse(await state())) };
          }
          if (!over) source ??= await begin();
          const result = over || !source ? undefined : await source.next();
          if (failure) throw failure.error;
          if (!result || result.done) {
            end();
            return { done: true, value: undefined };
          }
          if (check && Date.now() - checkedAt > freshMs) await check();
          const { id, kind } = result.value;
          if (state && (kind === 'ready' || kind === 'resync')) stateDue = id;
          return { done: false, value: tracked(id, await dataOf(result.value)) };
        } catch (error) {
          end();
          throw error;
        }
      },
      return: async () => {
        end();
        return { done: true, value: undefined };
      },
      [Symbol.asyncIterator]() {
        return this;
      },
    };
  };

  return <Told = Event>(request: FeedRequest<Event, Told>) =>
    follow(request) as AsyncIterable<TrackedEnvelope<Told | FeedSign>, void, undefined>;
};
