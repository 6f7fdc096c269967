import { newId } from '@cartwright/platform-mongo';
import type { Mongo } from '@cartwright/platform-mongo';
import type { Logger } from '@cartwright/platform-logger';
import type { Queues } from '@cartwright/platform-queue';
import { deliverEvent } from './processor.ts';
import type { HandlerRegistry } from './registry.ts';
import { outboxRows, settling } from './rows.ts';
import type { OutboxRow } from './rows.ts';
import { createStuckReport } from './stuck-report.ts';

const BATCH = 200;
/**
 * Rows are relayed again as often as that at full pace. Then the pace of those that fail halves each time: a poisoned event
 * is no load. Those that only wait their turn slow down once: when Redis loses their jobs, they are not to wait for long.
 */
const RELAYS_AT_FULL_PACE = 5;
const SLOWEST = 20;
const SLOWEST_WAITING = 2;
/** After so long no process that knows the handler is coming back: it was removed from the code. */
const ORPHANED_MS = 14 * 24 * 3_600_000;
/** When jobs can't be made, rows are given back for so long. */
const PAUSE_MS = 1_000;

type Row = Pick<OutboxRow, '_id' | 'type' | 'version' | 'expects' | 'handled' | 'relays' | 'createdAt' | 'failure'>;
const NEEDED = { type: 1, version: 1, expects: 1, handled: 1, relays: 1, createdAt: 1, failure: 1 } as const;

/** What a batch came to, by type of event. */
export type RelayFacts = {
  /** Rows for which jobs were made: for the first time, and again. */
  relayed: { type: string; again: boolean }[];
  /** Rows that stay open because no handler is known here, or none has been able to handle them. */
  stuck: { type: string }[];
};

/** What to do with a row: which handlers are still to run, which nobody waits for any more. */
const plan = (
  row: Row,
  { registry, retired, now }: { registry: HandlerRegistry; retired: ReadonlySet<string>; now: Date },
) => {
  const known = registry.namesFor(row.type);
  const unheardOf = row.expects === undefined && known.length === 0;
  const expects = [...new Set([...(row.expects ?? []), ...known])];
  const orphaned = now.getTime() - row.createdAt.getTime() >= ORPHANED_MS;
  const givenUp = expects.filter((name) => !known.includes(name) && (orphaned || retired.has(name)));
  const missing = expects.filter((name) => !row.handled.includes(name) && !givenUp.includes(name));
  const added = expects.filter((name) => !(row.expects ?? []).includes(name));
  const late = row.relays >= RELAYS_AT_FULL_PACE && (unheardOf || missing.length > 0);
  const isRead = (name: string): boolean => (registry.find(name)?.event.version ?? 0) >= row.version;
  const hopeless = unheardOf || row.failure !== undefined || !missing.every(isRead);
  return {
    ...{ row, unheardOf, missing, added, late, stuck: late && hopeless },
    givenUp: givenUp.filter((name) => !row.handled.includes(name)),
  };
};

/**
 * Makes the relay's step: claims due rows, and makes a job for each with the handlers that have yet to run, also those that
 * only other processes know: workers leave such jobs to each other. Answers whether more rows may be due.
 */
export const createRelayBatch = (options: {
  mongo: Mongo;
  queues: Pick<Queues, 'enqueueMany' | 'isPaused'>;
  registry: HandlerRegistry;
  retired: readonly string[];
  logger: Logger;
  clock: () => Date;
  relayAgainMs: number;
  onBatch?: ((facts: RelayFacts) => void) | undefined;
}): (() => Promise<'more' | 'none'>) => {
  const { mongo, queues, registry, logger, clock, relayAgainMs, onBatch } = options;
  const retired = new Set(options.retired);
  const report = createStuckReport({ logger, clock });
  const rows = () => outboxRows(mongo);
  const after = (milliseconds: number): Date => new Date(clock().getTime() + milliseconds);
  const ids = (some: readonly { _id: string }[]) => ({ _id: { $in: some.map(({ _id }) => _id) } });

  /** Rows that come again because the queue is paused were not tried in vain. Those that come first are not asked about. */
  const areHeld = async (candidates: readonly Row[]): Promise<boolean> =>
    candidates.some(({ relays }) => relays > 0) && (await queues.isPaused(deliverEvent).catch(() => false));

  /**
   * Two trips when nobody else is at it. The claim itself says when the row is due again: nothing has to be written once
   * the jobs are made, and the rows of a relay that dies in between are taken up like those whose jobs were lost.
   */
  const claim = async (): Promise<{ claimed: Row[]; more: boolean; counted: number }> => {
    const due = { dueAt: { $lte: clock() } };
    const candidates = await rows().find(due).sort({ dueAt: 1 }).limit(BATCH).project<Row>(NEEDED).toArray();
    if (candidates.length === 0) return { claimed: [], more: false, counted: 0 };
    const mine = newId();
    const counted = (await areHeld(candidates)) ? 0 : 1;
    const { modifiedCount } = await rows().updateMany(
      { ...ids(candidates), ...due },
      { $set: { claim: mine, status: 'relayed', dueAt: after(relayAgainMs) }, $inc: { relays: counted } },
    );
    const all = modifiedCount === candidates.length;
    const claimed = all
      ? candidates
      : await rows()
          .find({ ...ids(candidates), claim: mine })
          .project<Row>({ ...NEEDED })
          .toArray()
          .then((found) => found.map((row) => ({ ...row, relays: row.relays - counted })));
    return { claimed, more: candidates.length === BATCH || !all, counted };
  };

  const giveBack = (claimed: readonly Row[], counted: number): Promise<unknown> =>
    rows()
      .updateMany(
        { ...ids(claimed), status: 'relayed' },
        { $set: { dueAt: after(PAUSE_MS) }, $inc: { relays: -counted } },
      )
      .catch(() => undefined);

  return async () => {
    const { claimed, more, counted } = await claim();
    if (claimed.length === 0) return more ? 'more' : 'none';
    const now = clock();
    const plans = claimed.map((row) => plan(row, { registry, retired, now }));

    // Before any job is made: a fast handler must find the row knowing what else it waits for.
    for (const [added, those] of Map.groupBy(plans, (planned) => planned.added.join())) {
      if (added === '') continue;
      const names = those[0]?.added ?? [];
      // A row that an earlier delivery has closed since the claim stays closed: nobody would look at it again.
      const open = { ...ids(those.map(({ row }) => row)), status: { $ne: 'done' as const } };
      await rows().updateMany(open, { $addToSet: { expects: { $each: names } } });
    }
    for (const { row, givenUp } of plans) {
      if (givenUp.length === 0) continue;
      logger.error({ eventId: row._id, type: row.type, handlers: givenUp }, 'handlers of an event were given up');
      await rows().updateOne(
        { _id: row._id },
        { $pull: { expects: { $in: givenUp } }, $addToSet: { givenUp: { $each: givenUp } } },
      );
    }

    const waiting = plans.filter(({ missing }) => missing.length > 0);
    const deliveries = waiting.map(({ row, missing }) => ({ eventId: row._id, handlers: missing }));
    try {
      await queues.enqueueMany(deliverEvent, deliveries);
    } catch (error) {
      await giveBack(claimed, counted);
      throw error;
    }

    const complete = plans.filter(({ missing, unheardOf }) => missing.length === 0 && !unheardOf);
    if (complete.length > 0) await rows().updateMany(ids(complete.map(({ row }) => row)), settling([], now));

    const late = plans.filter((planned) => planned.late);
    for (const those of Map.groupBy(late, ({ row, stuck }) => `${row.relays} ${stuck}`).values()) {
      const { row, stuck } = those[0] as (typeof those)[number];
      const pace = Math.min(stuck ? SLOWEST : SLOWEST_WAITING, 2 ** (row.relays - RELAYS_AT_FULL_PACE + 1));
      await rows().updateMany(
        { ...ids(those.map((planned) => planned.row)), status: 'relayed' },
        { $set: { dueAt: after(relayAgainMs * pace) }, ...(stuck && { $min: { stuckAt: now } }) },
      );
    }

    const stuck = plans.filter((planned) => planned.unheardOf || planned.stuck);
    report(stuck.map(({ row, missing }) => ({ id: row._id, type: row.type, missing })));
    onBatch?.({
      relayed: waiting.map(({ row }) => ({ type: row.type, again: row.relays > 0 })),
      stuck: stuck.map(({ row }) => ({ type: row.type })),
    });
    return more ? 'more' : 'none';
  };
};
