import { describe, expect, it } from 'vitest';
import { documentsOf, nextLookMs } from './order-documents.ts';

const at = (day: number) => new Date(Date.UTC(2026, 0, day));
const total = { amount: 100, currency: 'USD' };
const none = { status: 'none', urlSeconds: 300, creditNotes: [], corrections: [] } as const;

describe('the documents of an order', () => {
  it('are none while there is nothing to bill', () => {
    expect(documentsOf({ ...none, creditNotes: [], corrections: [] })).toEqual([]);
  });

  it('begin with the invoice; what came after it stands in its order, with an address or while it is being made', () => {
    const documents = documentsOf({
      ...{ ...none, status: 'pending', number: 'INV-000001', total, issuedAt: at(1), url: 'a' },
      creditNotes: [
        { number: 'CN-000001', total, issuedAt: at(2), url: 'b' },
        { number: 'CN-000002', total, issuedAt: at(4) },
      ],
      corrections: [{ number: 'INV-000002', corrects: 'CN-000001', total, issuedAt: at(3), url: 'c' }],
    });
    expect(documents.map(({ title, number, url }) => [title, number, url])).toEqual([
      ['Invoice', 'INV-000001', 'a'],
      ['Credit note', 'CN-000001', 'b'],
      ['Invoice', 'INV-000002', 'c'],
      ['Credit note', 'CN-000002', undefined],
    ]);
  });
});

describe('looking for a document that is being made', () => {
  it('begins soon, becomes seldom and ends', () => {
    const waits: number[] = [];
    for (let wait = nextLookMs(1); wait !== null; wait = nextLookMs(waits.length + 1)) waits.push(wait);
    expect(waits).toHaveLength(19);
    expect(waits[0]).toBe(1_500);
    expect(waits.at(-1)).toBe(30_000);
    expect(waits).toEqual(waits.toSorted((a, b) => a - b));
    expect(waits.reduce((sum, wait) => sum + wait, 0)).toBeLessThan(6 * 60_000);
  });
});
