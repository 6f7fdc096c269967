import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  piecesBack,
  returnablePieces,
  type AskedReturn,
  type DeliveredGoods,
  type LineProgress,
  type Takeback,
} from './index.ts';

const DAY_MS = 86_400_000;
const now = new Date('2026-05-31T12:00:00Z');
const daysAgo = (days: number) => new Date(now.getTime() - days * DAY_MS);
const window = { now, windowMs: 30 * DAY_MS };
const line = (rest: Partial<LineProgress> = {}): LineProgress => ({
  ...{ lineId: 'a', ordered: 5, withdrawn: 0, shipped: 5, delivered: 5, returned: 0, restocked: 0, open: 0 },
  ...rest,
});
const a = (quantity: number) => [{ lineId: 'a', quantity }];
const request = (quantity: number, status: AskedReturn['status'], at = daysAgo(2)): AskedReturn => {
  return { at, lines: a(quantity), status };
};
/** So many pieces came back. */
const back = (returned: number, rest: Partial<LineProgress> = {}, at = daysAgo(1)) => ({
  lines: [line({ returned, ...rest })],
  takebacks: [{ at, lineId: 'a', returned, restocked: 0 }],
});
const of = (goods: Partial<DeliveredGoods>) => {
  const shipments = [{ lines: a(5), deliveredAt: daysAgo(3) }];
  const [found] = returnablePieces({ lines: [line()], shipments, requests: [], takebacks: [], ...goods }, window);
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
    expect(of({ requests: [request(2, 'asked')] })).toEqual([3, 3]);
    expect(of({ requests: [request(2, 'declined')] })).toEqual([5, 5]);
    expect(of({ requests: [request(2, 'accepted')] })).toEqual([3, 3]);
    expect(of({ ...back(2), requests: [request(2, 'accepted')] })).toEqual([3, 3]);
    expect(of({ ...back(3), requests: [request(2, 'accepted')] })).toEqual([2, 2]);
    expect(of({ lines: [line({ returned: 4, restocked: 4 })] })).toEqual([1, 1]);
  });

  it('is not less by what came back of a parcel that did not arrive', () => {
    const shipments = [{ lines: a(3), deliveredAt: daysAgo(3) }, { lines: a(2) }];
    const refused = (count: number) => ({ ...back(count, { delivered: 3 }), shipments });
    expect(of(refused(2))).toEqual([3, 3]);
    expect(of(refused(3))).toEqual([2, 2]);
    expect(of({ ...refused(2), requests: [request(2, 'accepted')] })).toEqual([1, 1]);
    expect(of({ ...refused(4), requests: [request(2, 'accepted')] })).toEqual([1, 1]);
    expect(of({ ...refused(5), requests: [request(2, 'accepted')] })).toEqual([0, 0]);
  });

  it('is less by both, where something came back before a request that still waits', () => {
    const unasked = back(1, {}, daysAgo(2));
    expect(of({ ...unasked, requests: [request(1, 'accepted', daysAgo(1))] })).toEqual([3, 3]);
    expect(of({ ...unasked, requests: [request(1, 'accepted', daysAgo(3))] })).toEqual([4, 4]);
    // It is told of when it comes, and again when it is put on the shelf.
    const shelved = { at: daysAgo(1), lineId: 'a', returned: 0, restocked: 1 };
    const goods = { lines: [line({ returned: 1, restocked: 1 })], takebacks: [...unasked.takebacks, shelved] };
    expect(of({ ...goods, requests: [request(1, 'accepted', now)] })).toEqual([3, 3]);
    // What comes back after others were put on the shelf is another piece.
    const takebacks = [{ ...shelved, at: daysAgo(3) }, ...unasked.takebacks];
    expect(of({ lines: [line({ returned: 2, restocked: 1 })], takebacks })).toEqual([3, 3]);
    expect(
      of({
        ...{ lines: [line({ returned: 2, restocked: 1 })], takebacks },
        requests: [request(1, 'accepted', daysAgo(1))],
      }),
    ).toEqual([2, 2]);
  });

  it('takes the pieces of requests off those whose time ended first, so that none is asked for twice', () => {
    const shipments = [
      { lines: a(2), deliveredAt: daysAgo(40) },
      { lines: a(3), deliveredAt: daysAgo(3) },
    ];
    expect(of({ shipments, requests: [request(3, 'accepted', daysAgo(1))] })).toEqual([2, 0]);
    expect(of({ shipments, requests: [request(1, 'asked', daysAgo(1))] })).toEqual([4, 2]);
    expect(of({ shipments, requests: [request(2, 'accepted', daysAgo(12))] })).toEqual([3, 3]);
    expect(of({ shipments, requests: [request(2, 'accepted', daysAgo(12)), request(3, 'asked', now)] })).toEqual([
      0, 0,
    ]);
    // What came back unasked may have been any of them.
    expect(of({ ...back(1), shipments })).toEqual([4, 2]);
    // The time for it was longer then.
    expect(of({ shipments, requests: [request(2, 'accepted', daysAgo(5))] })).toEqual([3, 1]);
  });

  it('never comes to more than is there, however it is asked for and comes back', () => {
    const event = fc.record({
      kind: fc.constantFrom(...(['asked', 'accepted', 'declined', 'back', 'broken', 'shelved'] as const)),
      quantity: fc.integer({ min: 1, max: 5 }),
    });
    fc.assert(
      fc.property(fc.array(event, { maxLength: 10 }), (events) => {
        const requests: AskedReturn[] = [];
        const takebacks: Takeback[] = [];
        // As somebody counts who looks on: what lies with the buyer, and what of it is spoken for.
        let [there, waiting, asked] = [5, 0, 0];
        // What is back, and lies on the shelf or beside it.
        let [shelf, beside] = [0, 0];
        const comeBack = (count: number) => {
          there -= count;
          waiting -= Math.min(waiting, count);
        };
        for (const [index, { kind, quantity }] of events.entries()) {
          const at = new Date(daysAgo(2).getTime() + index);
          const { returned, restocked } = piecesBack(takebacks);
          expect({ returned, restocked }).toEqual({ returned: 5 - there, restocked: shelf });
          const [maximum = 0, inTime] = of({ lines: [line({ returned, restocked })], requests, takebacks });
          expect(maximum).toBe(Math.max(0, there - waiting - asked));
          expect(inTime).toBe(maximum);
          if (kind === 'back' || kind === 'broken') {
            const count = Math.min(quantity, there);
            takebacks.push({ at, lineId: 'a', returned: count, restocked: kind === 'back' ? count : 0 });
            comeBack(count);
            if (kind === 'back') shelf += count;
            else beside += count;
          } else if (kind === 'shelved') {
            const count = Math.min(quantity, 5 - shelf);
            takebacks.push({ at, lineId: 'a', returned: 0, restocked: count });
            const known = Math.min(beside, count);
            comeBack(count - known);
            beside -= known;
            shelf += count;
          } else if (quantity <= maximum) {
            requests.push(request(quantity, kind, at));
            if (kind === 'accepted') waiting += quantity;
            if (kind === 'asked') asked += quantity;
          }
        }
      }),
    );
  });
});
