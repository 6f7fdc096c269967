import type { Principal } from '@cartwright/api-core';
import type { JobsAdmin } from '@cartwright/app-router';
import { notFound } from '@cartwright/domain-errors';
import type { Logger } from '@cartwright/platform-logger';
import { presentable, presentableText, type Queues, type Selection } from '@cartwright/platform-queue';
import type { BoardAccess } from './board-access.ts';

/** What administrators do with queues; who changed what is logged. */
export function createJobsAdmin({
  queues,
  board,
  publicUrl,
  logger,
}: {
  queues: Queues;
  board: Pick<BoardAccess, 'ticketFor'>;
  /** Where browsers reach the API. */
  publicUrl: string;
  logger: Pick<Logger, 'info'>;
}): JobsAdmin {
  async function all() {
    return Object.entries(await queues.health()).map(([name, { completed: _, ...state }]) => ({ name, ...state }));
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
    deadLetters: async ({ queue, limit, cursor }) => {
      const { items, nextCursor } = await queues.deadLetters(queue, { limit, cursor });
      return {
        items: items.map((letter) => ({
          ...letter,
          payload: presentable(letter.payload),
          reason: presentableText(letter.reason),
        })),
        nextCursor: nextCursor ?? null,
      };
    },
    retry: async ({ queue, ...selection }, by) => {
      const count = await queues.retry(queue, selected(selection));
      note('had dead letters tried again', by, { queue, count });
      return count;
    },
    discard: async ({ queue, ...selection }, by) => {
      const count = await queues.discard(queue, selected(selection));
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
