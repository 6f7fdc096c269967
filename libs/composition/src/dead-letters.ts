import type { DeadLetterDto } from '@cartwright/app-router';
import { deliverEvent, type Outbox, type StuckEvent } from '@cartwright/platform-outbox';
import { presentable, presentableText, type DeadLetter, type Queues, type Selection } from '@cartwright/platform-queue';

type Page = { limit: number; cursor?: string | undefined };
type Letters = { items: DeadLetterDto[]; nextCursor: string | null };

/** Marks cursors of the part of the list that holds jobs; those of events stand alone. */
const JOBS = 'jobs.';

const ofJob = (letter: DeadLetter): DeadLetterDto => ({
  ...letter,
  payload: presentable(letter.payload),
  reason: presentableText(letter.reason),
});

const ofEvent = ({ id, type, missing, relays, reason, writtenAt, stuckAt }: StuckEvent): DeadLetterDto => ({
  id,
  name: deliverEvent.name,
  payload: { event: type, handlers: missing },
  attempts: relays * deliverEvent.attempts,
  reason: presentableText(reason ?? 'No process knows what to do with it'),
  enqueuedAt: writtenAt,
  failedAt: stuckAt,
});

/**
 * The dead letters of all queues. Those of events are kept by the outbox, which makes their jobs anew until they succeed: an
 * event that does not get done stands among the dead letters of its queue, before the jobs that nobody makes again.
 */
export function createDeadLetters({
  queues,
  stuck,
}: {
  queues: Pick<Queues, 'deadLetters' | 'retry' | 'discard'>;
  stuck: Outbox['stuck'];
}) {
  const isOfEvents = (queue: string): boolean => queue === deliverEvent.queue;

  /** Ids of jobs are short numbers, those of events are not. */
  const split = (selection: Selection): { events: Selection; jobs: Selection } => {
    if (selection === 'all') return { events: 'all', jobs: 'all' };
    const { events = [], jobs = [] } = Object.groupBy(selection, (id) => (id.length === 24 ? 'events' : 'jobs'));
    return { events, jobs };
  };

  async function jobsOf(queue: string, page: Page): Promise<Letters> {
    const { items, nextCursor } = await queues.deadLetters(queue, page);
    return { items: items.map(ofJob), nextCursor: nextCursor ?? null };
  }

  async function eventsOf(queue: string, { limit, cursor }: Page): Promise<Letters> {
    const isPastEvents = cursor?.startsWith(JOBS) === true;
    const events = isPastEvents ? { items: [] } : await stuck.list({ limit, cursor });
    const items = events.items.map(ofEvent);
    if (events.nextCursor !== undefined) return { items, nextCursor: events.nextCursor };
    const jobs = await jobsOf(queue, {
      limit: Math.max(1, limit - items.length),
      cursor: isPastEvents ? cursor?.slice(JOBS.length) || undefined : undefined,
    });
    if (items.length === limit) return { items, nextCursor: jobs.items.length > 0 ? JOBS : null };
    return {
      items: [...items, ...jobs.items],
      nextCursor: jobs.nextCursor === null ? null : JOBS + jobs.nextCursor,
    };
  }

  return {
    /** How many of them a queue doesn't count itself. */
    uncounted: async (queue: string): Promise<number> => (isOfEvents(queue) ? stuck.count() : 0),

    /** A page, the latest first. Throws NOT_FOUND and CURSOR_INVALID. */
    list: (queue: string, page: Page): Promise<Letters> =>
      isOfEvents(queue) ? eventsOf(queue, page) : jobsOf(queue, page),

    /** Has them tried again. Answers how many there were. */
    async retry(queue: string, selection: Selection): Promise<number> {
      if (!isOfEvents(queue)) return queues.retry(queue, selection);
      const { events, jobs } = split(selection);
      return (await stuck.retry(events)) + (await queues.retry(queue, jobs));
    },

    /** Throws them away: the handlers that an event waits for are never run. Answers how many there were. */
    async discard(queue: string, selection: Selection): Promise<number> {
      if (!isOfEvents(queue)) return queues.discard(queue, selection);
      const { events, jobs } = split(selection);
      return (await stuck.giveUp(events)) + (await queues.discard(queue, jobs));
    },
  };
}

export type DeadLetters = ReturnType<typeof createDeadLetters>;
