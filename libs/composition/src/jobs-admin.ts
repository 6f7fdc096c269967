import type { Principal } from '@cartwright/api-core';
import type { JobsAdmin } from '@cartwright/app-router';
import { notFound } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import type { Queues, Selection } from '@cartwright/platform-queue';
import type { BoardAccess } from './board-access.ts';
import type { DeadLetters } from './dead-letters.ts';

/** What administrators do with queues; who changed what is logged. */
export function createJobsAdmin({
  queues,
  deadLetters,
  board,
  publicUrl,
  logger,
}: {
  queues: Pick<Queues, 'health' | 'pause' | 'resume'>;
  deadLetters: DeadLetters;
  board: Pick<BoardAccess, 'ticketFor'>;
  /** Where browsers reach the API. */
  publicUrl: string;
  logger: Pick<Logger, 'info'>;
}): JobsAdmin {
  async function all() {
    return Promise.all(
      Object.entries(await queues.health()).map(async ([name, { completed: _, failed, ...state }]) => ({
        name,
        ...state,
        failed: failed + (await deadLetters.uncounted(name)),
      })),
    );
  }

  async function one(name: string) {
    const queue = (await all()).find((candidate) => candidate.name === name);
    if (!queue) throw notFound('queue');
    return queue;
  }

  const note = (action: string, { userId }: Principal, facts: object): void =>
    logger.info({ userId, ...facts }, `an administrator ${action}`);

  const selected = (selection: { jobIds: string[] } | { all: true }): Selection =>
    'jobIds' in selection ? selection.jobIds : 'all';

  return {
    queues: all,
    deadLetters: ({ queue, ...page }) => deadLetters.list(queue, page),
    retry: async ({ queue, ...selection }, by) => {
      const count = await deadLetters.retry(queue, selected(selection));
      note('had dead letters tried again', by, { queue, count });
      return count;
    },
    discard: async ({ queue, ...selection }, by) => {
      const count = await deadLetters.discard(queue, selected(selection));
      note('threw dead letters away', by, { queue, count });
      return count;
    },
    pause: async (queue, by) => {
      await queues.pause(queue);
      note('paused a queue', by, { queue });
      return one(queue);
    },
    resume: async (queue, by) => {
      await queues.resume(queue);
      note('resumed a queue', by, { queue });
      return one(queue);
    },
    openBoard: async (by) => {
      note('opened the dashboard of queues', by, {});
      return { url: `${publicUrl}/admin/queues/enter?ticket=${await board.ticketFor(by)}` };
    },
  };
}
