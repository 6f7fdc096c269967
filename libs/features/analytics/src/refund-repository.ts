import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { Period } from './calendar.ts';
import type { RefundDoc, RefundModel } from './refund.model.ts';

/** What went back on a calendar day, in one currency. */
export interface DayRefunds {
  day: string;
  currency: string;
  total: number;
  net: number;
}

/** Reads and writes the refunds that analytics counts. */
export function createRefundRepository({ refunds }: { refunds: RefundModel }) {
  return {
    /** Records a refund once: a second time changes nothing. */
    async record(doc: RefundDoc, tx?: Tx): Promise<void> {
      await refunds.updateOne({ _id: doc._id }, { $setOnInsert: doc }, { upsert: true, ...sessionOption(tx) });
    },

    /** By calendar day of `timezone`; days without a refund are left out. */
    byDay: ({ from, to }: Period, timezone: string): Promise<DayRefunds[]> =>
      refunds.aggregate([
        { $match: { succeededAt: { $gte: from, $lt: to } } },
        {
          $group: {
            _id: {
              day: { $dateToString: { date: '$succeededAt', format: '%Y-%m-%d', timezone } },
              currency: '$currency',
            },
            total: { $sum: '$total' },
            net: { $sum: '$net' },
          },
        },
        { $project: { _id: 0, day: '$_id.day', currency: '$_id.currency', total: 1, net: 1 } },
      ]),
  };
}

export type RefundRepository = ReturnType<typeof createRefundRepository>;
