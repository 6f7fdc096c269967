import type { BookEntry, PaymentInspection, ProviderBooks } from '@cartwright/feature-payments';
import type { Mongo } from '@cartwright/platform-mongo';
import { expect, it } from 'vitest';
import { compareEntry, createProviderCheck } from './provider-check.ts';

const DAY_MS = 24 * 3_600_000;
const from = new Date('2026-03-01T00:00:00Z');
const never = new AbortController().signal;

/** A ledger that has nothing. */
const emptyLedger = {
  paymentsByReferences: async () => [],
  setAside: async () => [],
  refundsByProviderIds: async () => [],
  refundsByIds: async () => [],
  paymentRows: async () => [],
  refundRows: async () => [],
} as Partial<PaymentInspection> as PaymentInspection;

/** Payments at moments of a day, and what was read of them. */
function booksOf(moments: readonly number[]) {
  const read = { most: 0 };
  const books: ProviderBooks = {
    async *entries(period) {
      let count = 0;
      for (const [index, at] of moments.entries()) {
        const time = from.getTime() + at;
        if (time < period.from.getTime() || time >= period.to.getTime()) continue;
        count += 1;
        read.most = Math.max(read.most, count);
        const reference = `pi_${index}`;
        const facts = { kind: 'payment', status: 'succeeded', amount: null, orderId: 'o' } as const;
        yield { ...facts, reference, paymentReference: reference } satisfies BookEntry;
      }
    },
    disputes: async function* () {},
    entry: async () => null,
  };
  const mongo: Pick<Mongo, 'transaction'> = {
    transaction: () => {
      throw new Error('Nothing is confirmed here');
    },
  };
  const check = createProviderCheck({ mongo, payments: emptyLedger, books: [{ ...books, provider: 'stripe' }] });
  return { check, read };
}

async function pagesOf(moments: readonly number[], days = 1) {
  const { check, read } = booksOf(moments);
  const scope = { from, to: new Date(from.getTime() + days * DAY_MS) };
  const pages: (readonly string[])[] = [];
  let examined = 0;
  for (let cursor: string | undefined; ;) {
    const page = await check.next(cursor, scope, never);
    pages.push(page.suspects);
    examined += page.examined;
    if (page.cursor === null) return { pages, examined, read };
    cursor = page.cursor;
  }
}

it('a day on which much is wrong is read in parts, each entry once', async () => {
  const crowded = Array.from({ length: 1_500 }, (_, index) => 40_000_000 + index * 2_003);
  const { pages, examined, read } = await pagesOf(crowded);
  expect(Math.max(...pages.map((page) => page.length))).toBeLessThanOrEqual(500);
  const all = pages.flat();
  expect(new Set(all).size).toBe(1_500);
  expect(all).toHaveLength(1_500);
  expect(examined).toBe(1_500);
  // What is too much is not read to its end.
  expect(read.most).toBeLessThanOrEqual(600);
});

it('days on which little is wrong are read whole', async () => {
  const { pages } = await pagesOf([0, 5, DAY_MS - 1, DAY_MS, 3 * DAY_MS - 1], 3);
  expect(pages.map((page) => page.length)).toEqual([3, 1, 1]);
});

it('a second in which too much is wrong is read all the same', async () => {
  const { pages, examined } = await pagesOf(Array.from({ length: 700 }, () => 40_000_000));
  expect(pages.flat()).toHaveLength(700);
  expect(examined).toBe(700);
});

it('disputes that began long before are looked at, once, also when they are decided anew', async () => {
  const facts = { kind: 'dispute', reference: 'dp_old', paymentReference: 'pi_old' } as const;
  const amount = { amount: 500, currency: 'USD' };
  const asked: { from: Date; to: Date }[] = [];
  const books: ProviderBooks = {
    entries: async function* () {},
    async *disputes(period) {
      asked.push(period);
      yield { ...facts, amount, status: 'succeeded' };
    },
    entry: async () => null,
  };
  const dates = { createdAt: from, updatedAt: from };
  const ids = { id: 'r', orderId: 'o', paymentId: 'p', provider: 'stripe', paymentReference: 'pi_old' } as const;
  const row = { ...ids, cause: 'dispute', amount, status: 'failed', providerRefundId: 'dp_old', ...dates } as const;
  const check = createProviderCheck({
    mongo: { transaction: () => Promise.reject(new Error('Nothing is confirmed here')) },
    payments: { ...emptyLedger, refundsByProviderIds: async () => [row] },
    books: [{ ...books, provider: 'stripe' }],
  });
  const scope = { from, to: new Date(from.getTime() + 2 * DAY_MS) };
  const page = await check.next(undefined, scope, never);
  expect(page).toMatchObject({ examined: 1, suspects: ['stripe/dispute/dp_old'] });
  await check.next(page.cursor ?? undefined, scope, never);
  expect(asked).toEqual([{ from: new Date(from.getTime() - 400 * DAY_MS), to: from }]);
});

it('a refund that was sent back agrees with one that is on its way, any other that was made does not', () => {
  const reference = 're_1';
  const amount = { amount: 500, currency: 'USD' };
  const entry = { kind: 'refund', reference, paymentReference: 'pi_1', amount, status: 'pending' } as const;
  const row = { kind: 'refund', reference, amount, orderId: 'o', paymentId: 'p', status: 'succeeded' } as const;
  expect(compareEntry(entry, { ...row, isSentBack: true })).toBeNull();
  expect(compareEntry(entry, row)).toMatchObject({ kind: 'provider_differs' });
  expect(compareEntry({ ...entry, status: 'succeeded' }, { ...row, isSentBack: true })).toMatchObject({
    kind: 'provider_differs',
  });
});

it('a dispute that was lost agrees with one under appeal, one that was won does not', () => {
  const reference = 'dp_1';
  const amount = { amount: 500, currency: 'USD' };
  const entry = { kind: 'dispute', reference, paymentReference: 'pi_1', amount, status: 'pending' } as const;
  const row = { kind: 'dispute', reference, amount, orderId: 'o', paymentId: 'p' } as const;
  expect(compareEntry(entry, { ...row, status: 'succeeded' })).toBeNull();
  expect(compareEntry(entry, { ...row, status: 'failed' })).toMatchObject({ kind: 'provider_differs' });
});
