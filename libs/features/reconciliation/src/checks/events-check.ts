import type { Outbox } from '@cartwright/platform-outbox';
import type { Check } from '../check.ts';

const PAGE = 100;

/** Events that don't get done by themselves: what should follow from them has not happened. */
export function createEventsCheck({ stuck }: { stuck: Pick<Outbox['stuck'], 'list'> }): Check {
  return {
    name: 'events',
    isSlowToSettle: false,
    async next(cursor) {
      const { items, nextCursor } = await stuck.list({ limit: PAGE, cursor });
      return {
        examined: items.length,
        suspects: [],
        differences: items.map(({ id: eventId, type, missing, relays }) => ({
          kind: 'event_stuck' as const,
          subject: { eventId },
          expected: 'done',
          found: `tried ${relays} times`,
          text: `The event ${type} waits for ${missing.length === 0 ? 'whoever knows it' : missing.join(', ')}.`,
        })),
        cursor: nextCursor ?? null,
      };
    },
    confirm: async () => [],
  };
}
