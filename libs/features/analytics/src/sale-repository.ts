import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { SaleDoc, SaleModel } from './sale.model.ts';

export interface Period {
  from: Date;
  to: Date;
}

export interface SalesSum {
  orders: number;
  gross: number;
  discount: number;
  total: number;
  units: number;
}

export interface ProductSales {
  productId: string;
  title: string;
  slug: string;
  image: string | null;
  units: number;
  sales: number;
}

const inPeriod = (currency: string, { from, to }: Period) => ({ currency, capturedAt: { $gte: from, $lt: to } });

/** Reads and writes the sales that analytics counts. */
export function createSaleRepository({ sales }: { sales: SaleModel }) {
  return {
    /** Records an order once: a second time changes nothing. */
    async record(doc: SaleDoc, tx?: Tx): Promise<void> {
      await sales.updateOne({ _id: doc._id }, { $setOnInsert: doc }, { upsert: true, ...sessionOption(tx) });
    },
    async sum(currency: string, period: Period): Promise<SalesSum> {
      const [row] = await sales.aggregate<SalesSum>([
        { $match: inPeriod(currency, period) },
        {
          $group: {
            _id: null,
            orders: { $sum: 1 },
            gross: { $sum: '$gross' },
            discount: { $sum: '$discount' },
            total: { $sum: '$total' },
            units: { $sum: '$units' },
          },
        },
      ]);
      return row ?? { orders: 0, gross: 0, discount: 0, total: 0, units: 0 };
    },
    /** Orders and revenue by calendar day of `timezone` as YYYY-MM-DD; days without a sale are left out. */
    byDay: (
      currency: string,
      period: Period,
      timezone: string,
    ): Promise<{ _id: string; orders: number; revenue: number }[]> =>
      sales.aggregate([
        { $match: inPeriod(currency, period) },
        {
          $group: {
            _id: { $dateToString: { date: '$capturedAt', format: '%Y-%m-%d', timezone } },
            orders: { $sum: 1 },
            revenue: { $sum: '$total' },
          },
        },
        { $sort: { _id: 1 } },
      ]),
    topProducts: (currency: string, period: Period, limit: number): Promise<ProductSales[]> =>
      sales.aggregate([
        { $match: inPeriod(currency, period) },
        { $unwind: '$lines' },
        {
          $group: {
            _id: '$lines.productId',
            title: { $last: '$lines.title' },
            slug: { $last: '$lines.slug' },
            image: { $last: '$lines.image' },
            units: { $sum: '$lines.units' },
            sales: { $sum: '$lines.sales' },
          },
        },
        { $sort: { units: -1, sales: -1, _id: 1 } },
        { $limit: limit },
        { $project: { _id: 0, productId: '$_id', title: 1, slug: 1, image: 1, units: 1, sales: 1 } },
      ]),
  };
}

export type SaleRepository = ReturnType<typeof createSaleRepository>;
