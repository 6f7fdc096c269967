import { sessionOption, type Tx } from '@cartwright/platform-mongo';
import type { PipelineStage } from 'mongoose';
import type { Period } from './calendar.ts';
import type { SaleDoc, SaleModel } from './sale.model.ts';

interface OfDay {
  day: string;
  currency: string;
}

/** What was captured on a calendar day, in one currency. */
export interface DaySales extends OfDay {
  orders: number;
  /** Of the orders, those that came from a cart. */
  fromCarts: number;
  gross: number;
  discount: number;
  total: number;
  units: number;
}

/** A list, as there are many: each product of each day is kept. */
export type ProductSales = readonly [productId: string, units: number, sales: number];

/** How a product was called and shown when it was sold. */
export type SoldProduct = Pick<SaleDoc['lines'][number], 'productId' | 'title' | 'slug' | 'image'>;

export interface CouponSales {
  couponId: string;
  code: string;
  uses: number;
  discount: number;
  net: number;
}

/** Sales of a period, the earliest first. */
const inPeriod = ({ from, to }: Period): PipelineStage[] => [
  { $match: { capturedAt: { $gte: from, $lt: to } } },
  { $sort: { capturedAt: 1, _id: 1 } },
];

const dayIn = (timezone: string) => ({ $dateToString: { date: '$capturedAt', format: '%Y-%m-%d', timezone } });
const ofDay = { _id: 0, day: '$_id.day', currency: '$_id.currency' } as const;

/** Reads and writes the sales that analytics counts. All reads are by calendar day and currency. */
export function createSaleRepository({ sales }: { sales: SaleModel }) {
  return {
    /** Records an order once: a second time changes nothing. */
    async record(doc: SaleDoc, tx?: Tx): Promise<void> {
      await sales.updateOne({ _id: doc._id }, { $setOnInsert: doc }, { upsert: true, ...sessionOption(tx) });
    },

    totalsByDay: (period: Period, timezone: string): Promise<DaySales[]> =>
      sales.aggregate([
        ...inPeriod(period),
        {
          $group: {
            _id: { day: dayIn(timezone), currency: '$currency' },
            orders: { $sum: 1 },
            fromCarts: { $sum: { $cond: [{ $eq: ['$fromCart', true] }, 1, 0] } },
            gross: { $sum: '$gross' },
            discount: { $sum: '$discount' },
            total: { $sum: '$total' },
            units: { $sum: '$units' },
          },
        },
        { $project: { ...ofDay, orders: 1, fromCarts: 1, gross: 1, discount: 1, total: 1, units: 1 } },
      ]),

    productsByDay: (
      period: Period,
      timezone: string,
    ): Promise<(OfDay & { productId: string; units: number; sales: number })[]> =>
      sales.aggregate([
        ...inPeriod(period),
        { $unwind: '$lines' },
        {
          $group: {
            _id: { day: dayIn(timezone), currency: '$currency', productId: '$lines.productId' },
            units: { $sum: '$lines.units' },
            sales: { $sum: '$lines.sales' },
          },
        },
        { $project: { ...ofDay, productId: '$_id.productId', units: 1, sales: 1 } },
      ]),

    /** A product as it was sold last in a period, in a currency; null when it was not. */
    async lastSold(productId: string, { from, to }: Period, currency: string): Promise<SoldProduct | null> {
      const sale = await sales
        .findOne(
          { 'lines.productId': productId, capturedAt: { $gte: from, $lt: to }, currency },
          { lines: 1 },
          { sort: { capturedAt: -1, _id: -1 } },
        )
        .lean<Pick<SaleDoc, 'lines'>>();
      const line = sale?.lines.findLast((one) => one.productId === productId);
      if (!line) return null;
      const { title, slug, image } = line;
      return { productId, title, slug, image };
    },

    /** The code is that of the last sale: a coupon's code may be changed. */
    couponsByDay: (period: Period, timezone: string): Promise<(OfDay & CouponSales)[]> =>
      sales.aggregate([
        ...inPeriod(period),
        { $match: { coupon: { $exists: true } } },
        {
          $group: {
            _id: { day: dayIn(timezone), currency: '$currency', couponId: '$coupon.id' },
            code: { $last: '$coupon.code' },
            uses: { $sum: 1 },
            discount: { $sum: '$coupon.discount' },
            net: { $sum: { $subtract: ['$gross', '$discount'] } },
          },
        },
        { $project: { ...ofDay, couponId: '$_id.couponId', code: 1, uses: 1, discount: 1, net: 1 } },
      ]),
  };
}

export type SaleRepository = ReturnType<typeof createSaleRepository>;
