import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { ReviewModels, ReviewReportDoc } from './review.model.ts';

/** So many reports tell a moderator enough; a crowd could make ever more. */
const SHOWN = 20;

/** Reads and writes what users report about reviews. */
export function createReportRepository({ reports }: Pick<ReviewModels, 'reports'>) {
  return {
    async insert(doc: ReviewReportDoc, tx: Tx): Promise<void> {
      await reports.insertMany([doc], sessionOption(tx));
    },
    /** Those that no moderator has decided on, oldest first: the first twenty of each review. */
    async openOf(reviewIds: readonly string[]): Promise<ReviewReportDoc[]> {
      const firstOf = (reviewId: string) =>
        reports.find({ reviewId, handled: false }).sort({ at: 1, _id: 1 }).limit(SHOWN).lean<ReviewReportDoc[]>();
      return (await Promise.all(reviewIds.map(firstOf))).flat();
    },
    async handle(reviewId: string, tx: Tx): Promise<void> {
      await reports.updateMany({ reviewId, handled: false }, { $set: { handled: true } }, sessionOption(tx));
    },
    async removeOf(reviewId: string, tx: Tx): Promise<void> {
      await reports.deleteMany({ reviewId }, sessionOption(tx));
    },
    ofUser: (userId: string): Promise<ReviewReportDoc[]> =>
      reports.find({ userId }).sort({ _id: 1 }).lean<ReviewReportDoc[]>(),
    /** Ties a user's reports to nobody and drops their words; that there was a report stays for the moderators. */
    async unlink(userId: string, tx: Tx): Promise<void> {
      const found = await reports.find({ userId }, { _id: 1 }, sessionOption(tx)).lean<{ _id: string }[]>();
      if (found.length === 0) return;
      const operations = found.map(({ _id }) => ({
        updateOne: { filter: { _id }, update: { $set: { userId: `removed-${_id}` }, $unset: { text: 1 as const } } },
      }));
      await reports.bulkWrite(operations, sessionOption(tx));
    },
  };
}

export type ReportRepository = ReturnType<typeof createReportRepository>;
