import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { NotificationDoc, NotificationModel } from './notification.model.ts';

export interface PageRequest {
  readonly limit: number;
  readonly unreadOnly?: boolean | undefined;
  /** The last one of the page before. */
  readonly mark?: { readonly createdAt: Date; readonly id: string } | undefined;
}

/** Reads and writes notifications. */
export function createNotificationRepository({ notifications }: { notifications: NotificationModel }) {
  return {
    byId: (id: string): Promise<NotificationDoc | null> => notifications.findById(id).lean<NotificationDoc>(),

    /** Newest first; reads one more than `limit` so that the caller knows if more follow. */
    page(userId: string, { limit, unreadOnly = false, mark }: PageRequest): Promise<NotificationDoc[]> {
      const beyond = mark && {
        createdAt: { $lte: mark.createdAt },
        $or: [{ createdAt: { $lt: mark.createdAt } }, { _id: { $lt: mark.id } }],
      };
      return notifications
        .find({ userId, ...(unreadOnly ? { unread: true as const } : {}), ...beyond })
        .sort({ createdAt: -1, _id: -1 })
        .limit(limit + 1)
        .lean<NotificationDoc[]>();
    },

    countUnread: (userId: string): Promise<number> => notifications.countDocuments({ userId, unread: true }),

    /** Writes a notification unless one with its key is there; says whether it did. */
    async insertOnce({ userId, key, ...doc }: NotificationDoc, tx?: Tx): Promise<boolean> {
      const { upsertedCount } = await notifications.updateOne(
        { userId, key },
        { $setOnInsert: doc },
        { ...sessionOption(tx), upsert: true },
      );
      return upsertedCount === 1;
    },

    async removeOf(userId: string, tx: Tx): Promise<void> {
      await notifications.deleteMany({ userId }, sessionOption(tx));
    },

    countOwned: (userId: string, ids: readonly string[], tx: Tx): Promise<number> =>
      notifications.countDocuments({ userId, _id: { $in: [...ids] } }, sessionOption(tx)),

    /** Ids of unread ones, `limit` at most: of those named, or of all. */
    async unreadIds(
      userId: string,
      { ids, limit }: { ids: readonly string[] | undefined; limit: number },
      tx: Tx,
    ): Promise<string[]> {
      const docs = await notifications
        .find({ userId, unread: true, ...named(ids) }, { _id: 1 }, sessionOption(tx))
        .limit(limit)
        .lean<{ _id: string }[]>();
      return docs.map(({ _id }) => _id);
    },

    /** Marks unread ones as read: those named, or all. */
    async markRead(
      userId: string,
      { ids, readAt }: { ids: readonly string[] | undefined; readAt: Date },
      tx: Tx,
    ): Promise<void> {
      await notifications.updateMany(
        { userId, unread: true, ...named(ids) },
        { $set: { readAt }, $unset: { unread: '' } },
        sessionOption(tx),
      );
    },
  };
}

export type NotificationRepository = ReturnType<typeof createNotificationRepository>;

const named = (ids: readonly string[] | undefined) => (ids === undefined ? {} : { _id: { $in: [...ids] } });
