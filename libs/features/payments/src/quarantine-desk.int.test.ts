import { describe, expect, it, vi } from 'vitest';
import { createPaymentAttemptModel } from './payment-attempt.model.ts';
import { createPaymentAttemptRepository } from './payment-attempt-repository.ts';
import { createQuarantineDesk } from './quarantine-desk.ts';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();

/** What a desk works with that gives no money back. */
function deskParts() {
  const { mongo, ledger, book } = bench.lab;
  const attempts = createPaymentAttemptRepository({ attempts: createPaymentAttemptModel(mongo.connection) });
  const refunds = { request: () => Promise.reject(new Error('none')), applyNews: async () => 'applied' as const };
  return { mongo, ledger, attempts, refunds, orders: book.port, clock: () => new Date(), newId: () => 'none' };
}

describe('set-aside money', () => {
  it('is listed of all orders, or of one, in pages', async () => {
    const { mongo, ledger } = bench.lab;
    const desk = createQuarantineDesk(deskParts());
    const [one, other] = [bench.place(), bench.place()];
    for (const [index, { id: orderId, total: expected }] of [one, other, one].entries()) {
      const facts = { orderId, expected, attemptId: 'none', reason: 'amount_mismatch' } as const;
      const id = `pi_listed_${index}`;
      const received = { amount: 100, currency: 'usd' };
      const createdAt = new Date(Date.UTC(2026, 0, 1 + index));
      await mongo.transaction((tx) => ledger.quarantine({ ...facts, id, reference: id, received, createdAt }, tx));
    }
    const idsOf = (page: { items: { id: string }[] }) => page.items.map(({ id }) => id);
    expect(idsOf(await desk.list({ limit: 10 }))).toEqual(['pi_listed_2', 'pi_listed_1', 'pi_listed_0']);
    const first = await desk.list({ limit: 1, orderId: one.id });
    expect(idsOf(first)).toEqual(['pi_listed_2']);
    const last = await desk.list({ limit: 1, orderId: one.id, cursor: first.nextCursor ?? '' });
    expect([idsOf(last), last.nextCursor]).toEqual([['pi_listed_0'], null]);
    await expect(desk.list({ limit: 1, cursor: 'x' })).rejects.toMatchObject({ reason: 'CURSOR_INVALID' });
  });
});

describe('two set-aside payments of one order, resolved at once', () => {
  it('free the order, whoever is first', async () => {
    const { mongo, ledger, book } = bench.lab;
    const order = bench.place();
    await bench.lab.start(order);
    await mongo.transaction((tx) => book.port.recordProcessing({ orderId: order.id, at: new Date() }, tx));
    const rows = mongo.connection.collection<{ _id: string; status: string; number: number }>('payment_attempts');
    const row = await bench.attemptOf(order.id);
    if (!row) throw new Error('no attempt');
    await rows.updateOne({ _id: row._id }, { $set: { status: 'quarantined' }, $unset: { activeOrderId: '' } });
    const { activeOrderId: _active, ...rest } = row as typeof row & { activeOrderId?: string };
    await rows.insertOne({ ...rest, _id: 'second', number: 2, status: 'quarantined' });
    const aside = (reference: string, attemptId: string) =>
      mongo.transaction((tx) =>
        ledger.quarantine(
          {
            ...{ id: reference, orderId: order.id, attemptId, reference, reason: 'amount_mismatch' },
            ...{ received: { amount: 100, currency: 'usd' }, expected: order.total, createdAt: new Date() },
          },
          tx,
        ),
      );
    await aside('pi_first', row._id);
    await aside('pi_second', 'second');

    const shared = deskParts();
    const { attempts } = shared;
    const started = vi.fn();
    const unresolved: typeof ledger.unresolved = (...asked) => {
      started();
      return ledger.unresolved(...asked);
    };
    const other = createQuarantineDesk({ ...shared, ledger: { ...ledger, unresolved } });
    const ended = vi.fn();
    let second: Promise<unknown> | undefined;
    const completedOf: typeof attempts.completedOf = async (...asked) => {
      // The other one is done, or has run into this one and begins again.
      second ??= other.resolve({ id: 'pi_second', action: 'settled' }, 'bob').finally(ended);
      await vi.waitFor(() => expect(ended.mock.calls.length + started.mock.calls.length).toBeGreaterThan(1), {
        timeout: 10_000,
      });
      return attempts.completedOf(...asked);
    };
    const desk = createQuarantineDesk({ ...shared, attempts: { ...attempts, completedOf } });
    await desk.resolve({ id: 'pi_first', action: 'settled' }, 'ann');
    await second;
    expect((await rows.find({ orderId: order.id }).toArray()).map(({ status }) => status)).toEqual([
      'failed',
      'failed',
    ]);
    expect(book.stateOf(order.id)).toBe('pending');
  });
});
