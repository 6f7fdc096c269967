import { describe, expect, it } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();

describe('a refund whose job was lost', () => {
  it('is carried out once, by the next look for such refunds', async () => {
    const { paymentId, reference } = await bench.paidOrder();
    const amount = { amount: 300, currency: 'USD' };
    await bench.lab.mongo.transaction((tx) => bench.lab.requestRefund({ paymentId, amount }, tx));
    await bench.lab.loseRefundJobs();
    await bench.lab.drain();
    expect(await bench.lab.ledger.refundsOf(paymentId)).toMatchObject([{ status: 'requested' }]);

    // Twice: the second finds a job that is there, or nothing to do any more.
    await bench.lab.resumeRefunds();
    await bench.lab.resumeRefunds();
    await bench.lab.drain();
    await bench.lab.resumeRefunds();
    await bench.lab.drain();
    expect(await bench.lab.ledger.refundsOf(paymentId)).toMatchObject([{ status: 'succeeded', amount }]);
    expect(await bench.lab.gateway.listRefunds(reference)).toHaveLength(1);
  });

  it('is found for a day after it was asked for, whenever it was looked at', async () => {
    const { paymentId } = await bench.paidOrder();
    const amount = { amount: 300, currency: 'USD' };
    const ask = () => bench.lab.mongo.transaction((tx) => bench.lab.requestRefund({ paymentId, amount }, tx));
    const ids = [(await ask())?.id ?? '', (await ask())?.id ?? ''];
    await bench.lab.loseRefundJobs();
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    const rows = bench.lab.mongo.connection.collection<{ _id: string }>('payment_refunds');
    const [untouched = '', tooOld = ''] = ids;
    const old = { createdAt: hoursAgo(23), updatedAt: hoursAgo(23) };
    await rows.updateOne({ _id: untouched }, { $set: old });
    await rows.updateOne({ _id: tooOld }, { $set: { createdAt: hoursAgo(25) } });
    await bench.lab.ledger.touchRefund(tooOld, new Date());

    await bench.lab.resumeRefunds();
    await bench.lab.drain();
    expect(await bench.lab.ledger.refundById(untouched)).toMatchObject({ status: 'succeeded' });
    expect(await bench.lab.ledger.refundById(tooOld)).toMatchObject({ status: 'requested' });
  });
});
