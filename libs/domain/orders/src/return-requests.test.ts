import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { returnablePieces, type DeliveredGoods, type LineProgress } from './index.ts';

const DAY_MS = 86_400_000;
const now = new Date('2026-05-31T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
const window = { now, windowMs: 30 * DAY_MS };
const line = (rest: Partial<LineProgress> = {}): LineProgress => ({
  ...{ lineId: 'a', ordered: 5, withdrawn: 0, shipped: 5, delivered: 5, returned: 0, restocked: 0, open: 0 },
  ...rest,
});
const a = (quantity: number) => [{ lineId: 'a', quantity }];
const of = (goods: Partial<DeliveredGoods>) => {
  const shipments = [{ lines: a(5), deliveredAt: daysAgo(3) }];
  const [found] = returnablePieces({ lines: [line()], shipments, requests: [], ...goods }, window);
  return [found?.quantity, found?.inTime];
};

describe('what a buyer may ask to send back', () => {
  it('is what arrived', () => {
    expect(of({})).toEqual([5, 5]);
    expect(of({ lines: [line({ delivered: 2 })] })).toEqual([2, 2]);
    expect(of({ lines: [line({ delivered: 0 })], shipments: [{ lines: a(5) }] })).toEqual([0, 0]);
  });

  it('is in time by the parcel it came in, to the moment', () => {
    const old = { lines: a(2), deliveredAt: daysAgo(31) };
    expect(of({ shipments: [old, { lines: a(3), deliveredAt: daysAgo(30) }] })).toEqual([5, 3]);
    expect(of({ shipments: [old, { lines: a(3), deliveredAt: new Date(daysAgo(30).getTime() - 1) }] })).toEqual([5, 0]);
  });

  it('goes by the arrival of an order whose parcels nobody wrote down', () => {
    expect(of({ shipments: [], arrivedAt: daysAgo(1) })).toEqual([5, 5]);
    expect(of({ shipments: [], arrivedAt: daysAgo(31) })).toEqual([5, 0]);
    expect(of({ shipments: [] })).toEqual([5, 0]);
  });

  it('is less by what was asked for, and by what is back; by accepted pieces that are back, once', () => {
    expect(of({ requests: [{ lines: a(2), status: 'asked' }] })).toEqual([3, 3]);
    expect(of({ requests: [{ lines: a(2), status: 'declined' }] })).toEqual([5, 5]);
    expect(of({ requests: [{ lines: a(2), status: 'accepted' }] })).toEqual([3, 3]);
    expect(of({ lines: [line({ returned: 2 })], requests: [{ lines: a(2), status: 'accepted' }] })).toEqual([3, 3]);
    expect(of({ lines: [line({ returned: 3 })], requests: [{ lines: a(2), status: 'accepted' }] })).toEqual([2, 2]);
    expect(of({ lines: [line({ restocked: 4 })] })).toEqual([1, 1]);
  });

  it('never comes to more than arrived, however often it is asked for', () => {
    const asked = fc.record({
      quantity: fc.integer({ min: 1, max: 5 }),
      status: fc.constantFrom('asked' as const, 'accepted' as const, 'declined' as const),
    });
    fc.assert(
      fc.property(fc.array(asked, { maxLength: 8 }), (wishes) => {
        const requests: { lines: ReturnType<typeof a>; status: 'asked' | 'accepted' | 'declined' }[] = [];
        for (const { quantity, status } of wishes) {
          const [maximum = 0] = of({ requests });
          if (quantity <= maximum) requests.push({ lines: a(quantity), status });
        }
        const taken = requests.filter(({ status }) => status !== 'declined').flatMap(({ lines }) => lines);
        expect(taken.reduce((total, { quantity }) => total + quantity, 0)).toBeLessThanOrEqual(5);
      }),
    );
  });
});
