import { describe, expect, it } from 'vitest';
import type { RouterOutputs } from '@cartwright/sdk';
import { askedPieces, piecesToRefund, waitingPieces } from './asked-pieces.ts';

type Order = RouterOutputs['admin']['orders']['byId'];
type Line = Order['lines'][number];
type Request = Order['returnRequests'][number];

const line = (lineId: string, quantity: number, progress: Partial<Line['progress']> = {}) =>
  ({ lineId, quantity, progress: { returned: 0, refunded: 0, withdrawn: 0, ...progress } }) as Line;
const request = (id: string, status: Request['status'], quantity: number): Request => ({
  ...{ id, status, at: new Date(), reason: 'Too small', lines: [{ lineId: 'a', quantity }] },
});

describe('askedPieces', () => {
  it('names what was asked for, and no more than is left', () => {
    const lines = [line('a', 3), line('b', 2, { refunded: 1 }), line('c', 1, { refunded: 1 }), line('d', 4)];
    const asked = [
      { lineId: 'a', quantity: 2 },
      { lineId: 'b', quantity: 2 },
      { lineId: 'c', quantity: 1 },
    ];
    expect(askedPieces({ lines }, asked, ({ quantity, progress }) => quantity - progress.refunded)).toEqual({
      ...{ a: 2, b: 1 },
    });
  });
});

describe('piecesToRefund', () => {
  it('leaves out what was asked for and paid back already, and nothing that came besides', () => {
    const pieces = ['a', 'b', 'c', 'd'].map((lineId) => ({ lineId, quantity: 3 }));
    const unpaid = [
      { lineId: 'a', quantity: 3 },
      { lineId: 'b', quantity: 1 },
      { lineId: 'c', quantity: 0 },
    ];
    expect(piecesToRefund(pieces, { a: 3, b: 2, c: 3 }, unpaid)).toEqual([
      { lineId: 'a', quantity: 3 },
      { lineId: 'b', quantity: 2 },
      { lineId: 'd', quantity: 3 },
    ]);
  });
});

describe('waitingPieces', () => {
  const requests = [request('1', 'accepted', 2), request('2', 'declined', 1), request('3', 'accepted', 2)];
  const left = (returned: number, of: Request | undefined, returnRequests = requests) =>
    of && waitingPieces({ lines: [line('a', 9, { returned })], returnRequests }, of, 'returned')[0]?.quantity;

  it('are those of a return that did not come yet, the first accepted one being served first', () => {
    const [first, , third] = requests;
    expect([left(0, first), left(1, first), left(2, first), left(5, first)]).toEqual([2, 1, 0, 0]);
    expect([left(0, third), left(2, third), left(3, third), left(4, third)]).toEqual([2, 2, 1, 0]);
  });

  it('are all of one that has no answer yet, as long as the others wait for what came', () => {
    const asked = request('0', 'asked', 1);
    expect(left(4, asked, [asked, ...requests])).toBe(1);
    expect(left(5, asked, [asked, ...requests])).toBe(0);
  });

  it('tell what came from whose money is back', () => {
    const only = request('1', 'accepted', 1);
    const order = { lines: [line('a', 2, { refunded: 1 })], returnRequests: [only] };
    expect(waitingPieces(order, only, 'refunded')).toEqual([{ lineId: 'a', quantity: 0 }]);
    expect(waitingPieces(order, only, 'returned')).toEqual([{ lineId: 'a', quantity: 1 }]);
  });

  it('are not paid for by the refund of one that was never sent', () => {
    const only = request('1', 'accepted', 1);
    const unpaid = (refunded: number, withdrawn: number) =>
      waitingPieces({ lines: [line('a', 3, { refunded, withdrawn })], returnRequests: [only] }, only, 'refunded');
    expect(unpaid(1, 1)).toEqual([{ lineId: 'a', quantity: 1 }]);
    expect(unpaid(2, 1)).toEqual([{ lineId: 'a', quantity: 0 }]);
    // Given up by a refund that failed since.
    expect(unpaid(0, 1)).toEqual([{ lineId: 'a', quantity: 1 }]);
  });
});
