import type { Logger } from '@cartwright/platform-logger';

const EVERY_MS = 60_000;
const EXAMPLES = 5;

type StuckEvent = { id: string; type: string; missing: readonly string[] };

/** Tells of events that stay open, once a minute for each kind at most. */
export const createStuckReport = ({ logger, clock }: { logger: Logger; clock: () => Date }) => {
  const toldAt = new Map<string, number>();
  return (events: readonly StuckEvent[]): void => {
    const now = clock().getTime();
    for (const [kind, those] of Map.groupBy(events, ({ type, missing }) => `${type} ${missing.join()}`)) {
      if (now - (toldAt.get(kind) ?? -Infinity) < EVERY_MS) continue;
      toldAt.set(kind, now);
      const { type = '', missing = [] } = those[0] ?? {};
      const facts = {
        type,
        handlers: missing,
        count: those.length,
        events: those.slice(0, EXAMPLES).map(({ id }) => id),
      };
      if (missing.length === 0) logger.error(facts, 'events stay open: no handler is known for their type');
      else logger.error(facts, 'events stay open: handlers have not run for them');
    }
  };
};
