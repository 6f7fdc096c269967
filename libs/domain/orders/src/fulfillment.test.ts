import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canTransition, lineProgress, nextFulfillments, sendParcel, settleFulfillment } from './index.ts';
import type { AskedReturn, FulfillmentStatus, GoodsMoved, OrderState, Takeback } from './index.ts';

const now = new Date('2026-05-01T12:00:00Z');

function order(rest: Partial<OrderState> = {}): OrderState {
  return {
    status: 'paid',
    fulfillmentStatus: 'processing',
    paymentStatus: 'paid',
    settlement: 'prepaid',
    total: { amount: 1_000, currency: 'USD' },
    ...rest,
  };
}

const goods = (rest: Partial<GoodsMoved> = {}): GoodsMoved => ({
  fulfillmentStatus: 'processing',
  lines: [
    { lineId: 'a', quantity: 3 },
    { lineId: 'b', quantity: 1 },
  ],
  shipments: [],
  withdrawn: [],
  takebacks: [],
  ...rest,
});
const a = (quantity: number) => ({ lineId: 'a', quantity });
const b = (quantity: number) => ({ lineId: 'b', quantity });
/** Came back, of which so many went on sale again. */
const back = ({ lineId, quantity }: ReturnType<typeof a>, restocked = 0): Takeback => ({
  ...{ at: now, lineId, returned: quantity, restocked },
});
/** Was put on the shelf by a refund. */
const shelved = ({ lineId, quantity }: ReturnType<typeof a>): Takeback => ({
  ...{ at: now, lineId, returned: 0, restocked: quantity },
});

describe('lineProgress', () => {
  it('counts where the pieces of each line are', () => {
    const progress = lineProgress(
      goods({
        shipments: [{ lines: [a(1)], deliveredAt: now }, { lines: [a(1)] }],
        withdrawn: [b(1)],
        takebacks: [back(a(1), 1)],
      }),
    );
    expect(progress).toEqual([
      { lineId: 'a', ordered: 3, withdrawn: 0, shipped: 2, delivered: 1, returned: 1, restocked: 1, open: 1 },
      { lineId: 'b', ordered: 1, withdrawn: 1, shipped: 0, delivered: 0, returned: 0, restocked: 0, open: 0 },
    ]);
  });

  it('counts what lies on the shelf again as back, once', () => {
    const shipments = [{ lines: [a(3)], deliveredAt: now }];
    const returned = (...takebacks: Takeback[]) => {
      const inTurn = takebacks.map((takeback, index) => ({ ...takeback, at: new Date(now.getTime() + index) }));
      // They are counted in the order they happened, however they are told.
      return lineProgress(goods({ shipments, takebacks: inTurn.toReversed() }))[0]?.returned;
    };
    expect(returned(shelved(a(2)))).toBe(2);
    expect(returned(back(a(2)), shelved(a(1)))).toBe(2);
    expect(returned(back(a(2)), shelved(a(3)))).toBe(3);
    // What comes back after a refund put others on the shelf is another piece, as is what a refund puts there beside those
    // that a return did.
    expect(returned(shelved(a(2)), back(a(1)))).toBe(3);
    expect(returned(shelved(a(2)), back(a(1), 1))).toBe(3);
    expect(returned(back(a(1), 1), shelved(a(1)))).toBe(2);
    expect(returned(back(a(1)), shelved(a(1)), back(a(1)))).toBe(2);
    expect(returned(back(a(1)), shelved(a(1)), back(a(1)), shelved(a(1)))).toBe(2);
    expect(returned(back(a(1)), shelved(a(1)), shelved(a(1)), back(a(1)))).toBe(3);
  });

  it.each<[FulfillmentStatus, object]>([
    ['processing', { shipped: 0, delivered: 0, returned: 0, open: 3 }],
    ['shipped', { shipped: 3, delivered: 0, returned: 0, open: 0 }],
    ['delivered', { shipped: 3, delivered: 3, returned: 0, open: 0 }],
    ['returned', { shipped: 3, delivered: 3, returned: 3, open: 0 }],
  ])('takes an order without parcels that is %s at its word', (fulfillmentStatus, expected) => {
    expect(lineProgress(goods({ fulfillmentStatus }))[0]).toMatchObject(expected);
  });
});

describe('sendParcel', () => {
  it('begins the way once, and goes on with what is left', () => {
    const sent = sendParcel(order());
    expect(sent.fulfillmentStatus).toBe('shipped');
    expect(sendParcel(sent)).toBe(sent);
  });

  it.each([
    ['before it is being prepared', order({ fulfillmentStatus: 'unfulfilled' })],
    ['once it is delivered', order({ fulfillmentStatus: 'delivered' })],
    ['once it is back', order({ fulfillmentStatus: 'returned' })],
    ['while it is being canceled', order({ fulfillmentStatus: 'shipped', cancelRequestedAt: now })],
    ['while it is held for review', order({ fulfillmentStatus: 'shipped', reviewSince: now })],
    ['unpaid', order({ status: 'pending', paymentStatus: 'unpaid' })],
  ])('sends nothing %s', (_name, state) => {
    expect(() => sendParcel(state)).toThrowError('ILLEGAL_TRANSITION');
  });
});

describe('settleFulfillment', () => {
  const settle = (before: OrderState, moved: Partial<GoodsMoved>, requests: readonly AskedReturn[] = []) => {
    const facts = goods({ fulfillmentStatus: before.fulfillmentStatus, ...moved });
    return settleFulfillment(before, { lines: lineProgress(facts), requests, takebacks: facts.takebacks });
  };
  const settled = (state: Partial<OrderState>, moved: Partial<GoodsMoved>, requests?: readonly AskedReturn[]) =>
    settle(order({ fulfillmentStatus: 'shipped', ...state }), moved, requests).fulfillmentStatus;
  const all = [a(3), b(1)];
  const refused = { status: 'pending', settlement: 'on_delivery', confirmedAt: now, paymentStatus: 'unpaid' } as const;

  it.each<[string, Partial<OrderState>, Partial<GoodsMoved>, FulfillmentStatus]>([
    ['is on its way while a piece waits', {}, { shipments: [{ lines: [a(3)], deliveredAt: now }] }, 'shipped'],
    ['is on its way while a parcel is', {}, { shipments: [{ lines: all }] }, 'shipped'],
    ['is delivered with its last parcel', {}, { shipments: [{ lines: all, deliveredAt: now }] }, 'delivered'],
    [
      'is delivered when the last piece was given up',
      {},
      { shipments: [{ lines: [a(3)], deliveredAt: now }], withdrawn: [b(1)] },
      'delivered',
    ],
    [
      'is delivered when the other parcel came back',
      {},
      { shipments: [{ lines: [a(3)], deliveredAt: now }, { lines: [b(1)] }], takebacks: [back(b(1))] },
      'delivered',
    ],
    [
      'is delivered when the rest of a line came back',
      {},
      { shipments: [{ lines: [a(2), b(1)], deliveredAt: now }, { lines: [a(1)] }], takebacks: [back(a(1))] },
      'delivered',
    ],
    [
      'is returned when all is back',
      {},
      { shipments: [{ lines: all }], takebacks: all.map((line) => back(line)) },
      'returned',
    ],
    [
      'is returned when refunds put all of it on the shelf again',
      { fulfillmentStatus: 'delivered' },
      { shipments: [{ lines: all, deliveredAt: now }], takebacks: all.map(shelved) },
      'returned',
    ],
    [
      'stays delivered while a piece is with the buyer',
      { fulfillmentStatus: 'delivered' },
      { shipments: [{ lines: all, deliveredAt: now }], takebacks: [back(a(3))] },
      'delivered',
    ],
    [
      'is returned when the rest was not sent yet and the parcel was refused unpaid',
      refused,
      { shipments: [{ lines: [a(1)] }], takebacks: [back(a(1))] },
      'returned',
    ],
    [
      'waits for the rest when a paid parcel came back',
      {},
      { shipments: [{ lines: [a(1)] }], takebacks: [back(a(1))] },
      'shipped',
    ],
    ['is left alone before it is sent', { fulfillmentStatus: 'processing' }, {}, 'processing'],
  ])('%s', (_name, state, moved, expected) => {
    expect(settled(state, moved)).toBe(expected);
  });

  it('is delivered once each parcel arrived or came back, however the lines are spread over them', () => {
    const parcels = fc.array(
      fc.record({ pieces: fc.tuple(fc.nat(3), fc.nat(3)), end: fc.constantFrom('arrived', 'refused', 'under way') }),
      { minLength: 1 },
    );
    fc.assert(
      fc.property(parcels, (drawn) => {
        const sent = drawn
          .filter(({ pieces: [x, y] }) => x + y > 0)
          .map(({ pieces: [x, y], end }) => ({ lines: [a(x), b(y)], end }));
        fc.pre(sent.length > 0);
        const isAnd = (wanted: string) => sent.filter(({ end }) => end === wanted);
        const sum = (index: number) => sent.reduce((all, { lines }) => all + (lines[index]?.quantity ?? 0), 0);
        const expected =
          isAnd('under way').length > 0 ? 'shipped' : isAnd('arrived').length > 0 ? 'delivered' : 'returned';
        const moved = {
          lines: [a(sum(0)), b(sum(1))],
          shipments: sent.map(({ lines, end }) => ({ lines, ...(end === 'arrived' ? { deliveredAt: now } : {}) })),
          takebacks: isAnd('refused').flatMap(({ lines }) => lines.map((line) => back(line))),
        };
        expect(settled({}, moved)).toBe(expected);
      }),
    );
  });

  it('takes what was asked for and comes back for no parcel under way', () => {
    const shipments = [{ lines: [a(2), b(1)], deliveredAt: now }, { lines: [a(1)] }];
    const asked = { at: new Date(now.getTime() - 1_000), lines: [a(1)] };
    const moved = { shipments, takebacks: [back(a(1))] };
    expect(settled({}, moved, [{ ...asked, status: 'accepted' }])).toBe('shipped');
    expect(settled({}, moved, [{ ...asked, status: 'declined' }])).toBe('delivered');
    expect(settled({}, { shipments, takebacks: [back(a(2))] }, [{ ...asked, status: 'accepted' }])).toBe('delivered');
  });

  it('takes steps of the table alone, whatever moved', () => {
    const pieces = fc.record({ lineId: fc.constantFrom('a', 'b'), quantity: fc.integer({ min: 0, max: 3 }) });
    const moved = fc.record({
      shipments: fc.array(
        fc.record({ lines: fc.array(pieces), deliveredAt: fc.option(fc.constant(now), { nil: undefined }) }),
      ),
      withdrawn: fc.array(pieces),
      takebacks: fc.array(
        fc.oneof(
          pieces.map((line) => back(line)),
          pieces.map((line) => back(line, line.quantity)),
          pieces.map(shelved),
        ),
      ),
    });
    const statuses = fc.constantFrom<FulfillmentStatus>(
      'unfulfilled',
      'processing',
      'shipped',
      'delivered',
      'returned',
    );
    fc.assert(
      fc.property(moved, statuses, (facts, fulfillmentStatus) => {
        const before = order({ fulfillmentStatus });
        const after = settle(before, facts);
        if (after === before) return;
        const next = nextFulfillments(fulfillmentStatus);
        expect(next).toContain(after.fulfillmentStatus);
        expect(next.some((to) => canTransition(before, { machine: 'fulfillment', to }))).toBe(true);
      }),
    );
  });
});
