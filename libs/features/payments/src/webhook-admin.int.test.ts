import type { RunningStripeStandIn } from '@cartwright/testkit';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { buildOrder } from './testing/build-order.fixture.ts';
import { createPaymentLab, startLabStripe, type PaymentLab } from './testing/payment-lab.fixture.ts';

let standIn: RunningStripeStandIn;
let lab: PaymentLab;

beforeAll(async () => {
  standIn = await startLabStripe();
});
afterAll(() => standIn.stop());
beforeEach(async () => {
  lab = await createPaymentLab(standIn);
});
afterEach(async () => {
  await standIn.control.dropDeliveries();
  await lab[Symbol.asyncDispose]();
});

const drained = (check: () => void | Promise<void>) =>
  vi.waitFor(async () => {
    await lab.drain();
    await check();
  }, 15_000);

async function paidOrder() {
  const order = lab.book.add(buildOrder({}));
  await lab.pay(order);
  await drained(() => expect(lab.book.stateOf(order.id)).toBe('paid'));
  return order;
}

const applied = async () => (await lab.webhookAdmin.list({ status: 'applied', limit: 100 })).items;

describe('the events of the provider', () => {
  it('are listed, the last received first, page by page and by status', async () => {
    await paidOrder();
    await paidOrder();
    await drained(async () => expect((await applied()).length).toBeGreaterThanOrEqual(2));
    const { items: all } = await lab.webhookAdmin.list({ limit: 100 });
    const times = all.map(({ receivedAt }) => receivedAt.getTime());
    expect(times).toEqual(times.toSorted((a, b) => b - a));
    const paged: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await lab.webhookAdmin.list({ limit: 2, ...(cursor === undefined ? {} : { cursor }) });
      paged.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(paged).toEqual(all.map(({ id }) => id));
    expect(all.every((item) => !('body' in item))).toBe(true);
    await expect(lab.webhookAdmin.list({ limit: 2, cursor: 'forged' })).rejects.toMatchObject({
      reason: 'CURSOR_INVALID',
    });
  });

  it('are applied again without a second effect', async () => {
    const order = await paidOrder();
    const completed = (await applied()).find(({ type }) => type === 'checkout.session.completed');
    const id = completed?.id ?? '';
    for (let times = 0; times < 2; times += 1) {
      expect(await lab.webhookAdmin.replay(id)).toMatchObject({ id, status: 'received' });
      await drained(async () => expect((await applied()).map((event) => event.id)).toContain(id));
    }
    expect(await lab.ledger.paymentsOf(order.id)).toHaveLength(1);
    expect(lab.book.payments).toHaveLength(1);
    expect(lab.book.stateOf(order.id)).toBe('paid');
  });

  it('find their match when applied again', async () => {
    const order = buildOrder({});
    lab.book.add(order);
    await lab.pay(order);
    await drained(async () => expect(await applied()).not.toEqual([]));
    const [event] = await applied();
    // As if its order had come from a backup that was put back later.
    const events = lab.mongo.connection.collection<{ _id: string }>('payment_events');
    await events.updateOne({ _id: event?.id ?? '' }, { $set: { status: 'unmatched' } });
    await lab.webhookAdmin.replay(event?.id ?? '');
    await drained(async () => expect((await applied()).map(({ id }) => id)).toContain(event?.id));
  });

  it('are refused when unknown, or of a type the shop makes nothing of', async () => {
    await expect(lab.webhookAdmin.replay('evt_unknown')).rejects.toMatchObject({ reason: 'NOT_FOUND' });
    await paidOrder();
    const ignored = await vi.waitFor(async () => {
      const { items } = await lab.webhookAdmin.list({ status: 'ignored', limit: 1 });
      expect(items).toHaveLength(1);
      return items[0]?.id ?? '';
    }, 15_000);
    await expect(lab.webhookAdmin.replay(ignored)).rejects.toMatchObject({ reason: 'WEBHOOK_IGNORED' });
    expect((await lab.webhookAdmin.list({ status: 'ignored', limit: 100 })).items.map(({ id }) => id)).toContain(
      ignored,
    );
  });
});
