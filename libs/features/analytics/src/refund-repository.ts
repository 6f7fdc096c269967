import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { RefundDoc, RefundModel } from './refund.model.ts';
import type { Period } from './sale-repository.ts';

const inPeriod = (currency: string, { from, to }: Period) => ({ currency, succeededAt: { $gte: from, $lt: to } });

/** Reads and writes the refunds that analytics counts. */
export function createRefundRepository({ refunds }: { refunds: RefundModel }) {
  return {
    /** Records a refund once: a second time changes nothing. */
    async record(doc: RefundDoc, tx?: Tx): Promise<void> {
      await refunds.updateOne({ _id: doc._id }, { $setOnInsert: doc }, { upsert: true, ...sessionOption(tx) });
    },
    async sum(currency: string, period: Period): Promise<{ total: number; net: number }> {
      const [row] = await refunds.aggregate<{ total: number; net: number }>([
        { $match: inPeriod(currency, period) },
        { $group: { _id: null, total: { $sum: '$total' }, net: { $sum: '$net' } } },
      ]);
      return row ?? { total: 0, net: 0 };
    },
    /** What went back by calendar day of `timezone` as YYYY-MM-DD; days without a refund are left out. */
    byDay: (currency: string, period: Period, timezone: string): Promise<{ _id: string; refunded: number }[]> =>
      refunds.aggregate([
        { $match: inPeriod(currency, period) },
        {
          $group: {
            _id: { $dateToString: { date: '$succeededAt', format: '%Y-%m-%d', timezone } },
            refunded: { $sum: '$total' },
          },
        },
        { $sort: { _id: 1 } },
      ]),
  };
}

export type RefundRepository = ReturnType<typeof createRefundRepository>;
