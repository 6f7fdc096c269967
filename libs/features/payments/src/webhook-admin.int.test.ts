import { describe, expect, it, vi } from 'vitest';
import { paymentBench } from './testing/payment-bench.fixture.ts';

const bench = paymentBench();
const { eventually, place } = bench;

async function paidOrder() {
  const order = place();
  await bench.lab.pay(order);
  await eventually(() => expect(bench.lab.book.stateOf(order.id)).toBe('paid'));
  return order;
}

const applied = async () => (await bench.lab.webhookAdmin.list({ status: 'applied', limit: 100 })).items;

describe('the events of the provider', () => {
  it('are listed, the last received first, page by page and by status', async () => {
    await paidOrder();
    await paidOrder();
    await eventually(async () => expect((await applied()).length).toBeGreaterThanOrEqual(2));
    const { items: all } = await bench.lab.webhookAdmin.list({ limit: 100 });
    const times = all.map(({ receivedAt }) => receivedAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await bench.lab.webhookAdmin.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(all.map(({ id }) => id));
    expect(all.every((item) => !('body' in item))).toBe(true);
    await expect(bench.lab.webhookAdmin.list({ limit: 2, cursor: 'forged' })).rejects.toMatchObject({
      reason: 'CURSOR_INVALID',
    });
  });

  it('are applied again without a second effect', async () => {
    const order = await paidOrder();
    const completed = (await applied()).find(({ type }) => type === 'checkout.session.completed');
    const id = completed?.id ?? '';
    for (let times = 0; times < 2; times += 1) {
      expect(await bench.lab.webhookAdmin.replay(id)).toMatchObject({ id, status: 'received' });
      await eventually(async () => expect((await applied()).map((event) => event.id)).toContain(id));
    }
    expect(await bench.lab.ledger.paymentsOf(order.id)).toHaveLength(1);
    expect(bench.lab.book.payments).toHaveLength(1);
    expect(bench.lab.book.stateOf(order.id)).toBe('paid');
  });

  it('find their match when applied again', async () => {
    await bench.lab.pay(place());
    await eventually(async () => expect(await applied()).not.toEqual([]));
    const [event] = await applied();
    // As if its order had come from a backup that was put back later.
    const events = bench.lab.mongo.connection.collection<{ _id: string }>('payment_events');
    await events.updateOne({ _id: event?.id ?? '' }, { $set: { status: 'unmatched' } });
    await bench.lab.webhookAdmin.replay(event?.id ?? '');
    await eventually(async () => expect((await applied()).map(({ id }) => id)).toContain(event?.id));
  });

  it('are refused when unknown, or of a type the shop makes nothing of', async () => {
    await expect(bench.lab.webhookAdmin.replay('evt_unknown')).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await paidOrder();
    const ignored = await vi.waitFor(async () => {
      const { items } = await bench.lab.webhookAdmin.list({ status: 'ignored', limit: 1 });
      expect(items).toHaveLength(1);
      return items[0]?.id ?? '';
    }, 15_000);
    await expect(bench.lab.webhookAdmin.replay(ignored)).rejects.toMatchObject({ reason: 'WEBHOOK_IGNORED' });
    expect((await bench.lab.webhookAdmin.list({ status: 'ignored', limit: 100 })).items.map(({ id }) => id)).toContain(
      ignored,
    );
  });
});
