import { describe, expect, it } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();
const { eventually, place } = bench;

describe('a refund whose job was lost', () => {
  it('is carried out once, by the next look for such refunds', async () => {
    const order = place();
    await bench.lab.pay(order);
    await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
    const [payment] = await bench.lab.ledger.paymentsOf(order.id);
    const amount = { amount: 300, currency: 'USD' };
    await bench.lab.mongo.transaction((tx) => bench.lab.requestRefund({ paymentId: payment?.id ?? '', amount }, tx));
    await bench.lab.loseRefundJobs();
    await bench.lab.drain();
    expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ status: 'requested' }]);

    // Twice: the second finds a job that is there, or nothing to do any more.
    await bench.lab.resumeRefunds();
    await bench.lab.resumeRefunds();
    await bench.lab.drain();
    await bench.lab.resumeRefunds();
    await bench.lab.drain();
    expect(await bench.lab.ledger.refundsOf(payment?.id ?? '')).toMatchObject([{ status: 'succeeded', amount }]);
    expect(await bench.lab.gateway.listRefunds(payment?.reference ?? '')).toHaveLength(1);
  });
});
