import type { Mongo } from '@cartwright/platform-mongo';
import { afterAll, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { createInvoiceModels } from './invoice.model.ts';
import { buildOrder, cash, invoicesFixture, paid, sent, usd, withRefund } from './invoices.fixture.ts';

let shop: Awaited<ReturnType<typeof invoicesFixture>>;
beforeAll(async () => {
  shop = await invoicesFixture();
});
afterAll(() => shop[Symbol.asyncDispose]());
beforeEach(async () => {
  for (const name of ['invoices', 'invoice_counters', 'invoice_requests', 'orders']) {
    await shop.mongo.connection.collection(name).deleteMany({});
  }
});

const numbers = async (kind = 'invoice') =>
  (await shop.all()).flatMap((document) => (document.kind === kind ? document.number : []));
const running = (prefix: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${prefix}-${String(index + 1).padStart(6, '0')}`);

describe('numbers', () => {
  it('have no gap and no double, of 50 issued at once by several processes whose transactions fail now and then', async () => {
    const orders = await Promise.all(Array.from({ length: 50 }, () => shop.place(buildOrder(paid))));
    let calls = 0;
    let failed = 0;
    /** Every third one breaks off after it has done everything but the commit. */
    const breaking: Pick<Mongo, 'transaction'> = {
      transaction: (work) =>
        shop.mongo.transaction(async (tx) => {
          const result = await work(tx);
          calls += 1;
          if (calls % 3 === 0) {
            failed += 1;
            throw new Error('broken off');
          }
          return result;
        }),
    };
    const processes = [shop.process(breaking), shop.process(breaking), shop.process(breaking)];
    let open = orders;
    while (open.length > 0) {
      const results = await Promise.allSettled(
        open.map(({ id }, index) => (processes[index % processes.length] ?? shop.issuing).issue(id)),
      );
      open = open.filter((_, index) => results[index]?.status === 'rejected');
    }
    expect(failed).toBeGreaterThan(10);
    expect(await numbers()).toEqual(running('INV', 50));
    expect(await shop.counters()).toEqual({ invoice: 50 });
  }, 60_000);

  it('are one series per kind', async () => {
    const order = await shop.place(withRefund(buildOrder(paid), { amount: usd(100) }));
    const other = await shop.place(buildOrder(paid));
    for (const { id } of [order, other]) await shop.issuing.issue(id);
    expect([await numbers(), await numbers('credit_note')]).toEqual([running('INV', 2), running('CN', 1)]);
  });
});

describe('a document', () => {
  it('is issued once, asked for 30 times at once from three processes', async () => {
    const { id } = await shop.place(withRefund(buildOrder(paid), { amount: usd(100) }));
    const processes = [shop.issuing, shop.process(), shop.process()];
    await Promise.all(Array.from({ length: 30 }, (_, index) => processes[index % 3]?.issue(id)));
    expect([await numbers(), await numbers('credit_note')]).toEqual([running('INV', 1), running('CN', 1)]);
  });

  it('can not be there twice, whoever writes it', async () => {
    const { id } = await shop.place(buildOrder(paid));
    await shop.issuing.issue(id);
    const { invoices } = createInvoiceModels(shop.mongo.connection);
    const issued = await invoices.findOne().lean();
    const copy = { ...issued, _id: 'other' };
    await expect(invoices.insertMany([{ ...copy, number: 'INV-000009' }])).rejects.toThrow(/duplicate key/);
    await expect(invoices.insertMany([{ ...copy, source: 'other' }])).rejects.toThrow(/duplicate key/);
  });

  it('says what it says for good, whatever becomes of the order', async () => {
    const order = await shop.place(buildOrder(paid));
    await shop.issuing.issue(order.id);
    const before = await shop.all();
    const moved = { ...order, email: 'other@cartwright.test', userId: 'removed' };
    await shop.change(withRefund(moved, { full: true }));
    await shop.issuing.issue(order.id);
    const after = await shop.all();
    expect(after.filter(({ kind }) => kind === 'invoice')).toEqual(before);
    expect(before[0]).toMatchObject({
      ...{ number: 'INV-000001', orderNumber: order.number, total: 2_859, currency: 'USD', taxMode: 'exclusive' },
      seller: { name: 'Lamps Ltd', address: ['2 High St'], taxId: 'X1' },
      buyer: { email: 'ada@cartwright.test', address: { name: 'Ada Buyer', city: 'Springfield' } },
    });
  });

  it('that corrects another one names it, when its refund is told of before the payment too', async () => {
    const { id } = await shop.place(withRefund(buildOrder(paid), { full: true }, { id: 'r' }));
    // Nobody has issued the invoice yet: what comes first, is issued first.
    const fresh = await shop.issuing.issue(id);
    expect(fresh.map(({ number, corrects }) => [number, corrects])).toEqual([
      ['INV-000001', undefined],
      ['CN-000001', 'INV-000001'],
    ]);
    const order = await shop.repository.byId(id);
    const refunds = order?.refunds.map(
      (refund) => ({ ...refund, status: 'failed', wentThroughAt: refund.at }) as const,
    );
    await shop.change({ ...buildOrder(), ...order, refunds: refunds ?? [] });
    expect(await shop.issuing.issue(id)).toMatchObject([{ number: 'INV-000002', corrects: 'CN-000001' }]);
    expect(await shop.issuing.issue(id)).toEqual([]);
  });

  it('follows an order paid on delivery: with its parcel, not again with its money, taken back when it comes back', async () => {
    const order = await shop.place(buildOrder({ ...cash, ...sent }));
    await shop.issuing.issue(order.id);
    const received = await shop.change({ ...order, ...paid });
    await shop.issuing.issue(received.id);
    expect(await numbers()).toEqual(running('INV', 1));
    const back = await shop.place(buildOrder({ ...cash, ...sent, status: 'canceled' }));
    await shop.issuing.issue(back.id);
    expect(await numbers('credit_note')).toEqual(running('CN', 1));
  });
});

describe('a request', () => {
  it('has its job made after the commit, and none when nothing is committed', async () => {
    const { id } = await shop.place(buildOrder(paid));
    shop.queues.jobs.length = 0;
    const broken = shop.mongo.transaction(async (tx) => {
      await shop.issuing.ask(id, tx);
      throw new Error('broken off');
    });
    await expect(broken).rejects.toThrow('broken off');
    expect([shop.queues.jobs, await shop.requests()]).toEqual([[], 0]);
    await shop.mongo.transaction(async (tx) => {
      await shop.issuing.ask(id, tx);
      expect(shop.queues.jobs).toEqual([]);
    });
    expect(shop.queues.jobs).toMatchObject([{ name: 'invoices.issue', payload: { orderId: id } }]);
    await shop.issuing.issue(id);
    expect(await shop.requests()).toBe(0);
  });

  it('whose job was lost is taken up by the sweep, until somebody has looked', async () => {
    const { id } = await shop.place(buildOrder(paid));
    await shop.mongo.transaction((tx) => shop.issuing.ask(id, tx));
    shop.queues.jobs.length = 0;
    await shop.issuing.sweep();
    expect(shop.queues.jobs).toMatchObject([{ name: 'invoices.issue', payload: { orderId: id } }]);
    await shop.issuing.issue(id);
    shop.queues.jobs.length = 0;
    await shop.issuing.sweep();
    expect(shop.queues.jobs).toEqual([]);
  });

  it('that comes while its order is being looked at is not lost', async () => {
    const order = await shop.place(buildOrder(paid));
    await shop.mongo.transaction((tx) => shop.issuing.ask(order.id, tx));
    let looked = 0;
    const slow = shop.process({
      transaction: (work) =>
        shop.mongo.transaction(async (tx) => {
          // It has a snapshot in which nothing was refunded; then something is, and asks.
          await shop.repository.byId(order.id, tx);
          looked += 1;
          if (looked === 1) {
            await shop.change(withRefund(order, { full: true }));
            await shop.mongo.transaction((other) => shop.issuing.ask(order.id, other));
          }
          return work(tx);
        }),
    });
    await slow.issue(order.id);
    if ((await shop.requests()) > 0) await shop.issuing.issue(order.id);
    expect(await numbers('credit_note')).toEqual(running('CN', 1));
  });
});

describe('files', () => {
  const read = async (orderId: string) => shop.service.ofAny(orderId);
  /** As the worker does. */
  const work = async () => {
    for (const { name, payload } of shop.queues.jobs.splice(0)) {
      const { orderId = '', invoiceId = '' } = payload as { orderId?: string; invoiceId?: string };
      if (name === 'invoices.issue') await shop.issuing.issue(orderId);
      if (name === 'invoices.print') await shop.files.print(invoiceId);
    }
  };

  it('come when asked for, also when everybody died between number and file, or before both', async () => {
    const { id } = await shop.place(withRefund(buildOrder(paid), { full: true }));
    shop.queues.jobs.length = 0;
    expect(await read(id)).toMatchObject({ status: 'pending', creditNotes: [] });
    await work();
    shop.queues.jobs.length = 0;
    const half = await read(id);
    expect(half).toMatchObject({ status: 'pending', number: 'INV-000001', creditNotes: [{ number: 'CN-000001' }] });
    expect(half).not.toHaveProperty('url');
    await work();
    const whole = await read(id);
    expect(whole).toMatchObject({ status: 'ready', urlSeconds: 300, creditNotes: [{ url: expect.any(String) }] });
    const answer = await fetch(whole.url ?? '');
    expect([answer.headers.get('content-type'), answer.headers.get('content-disposition')]).toEqual([
      'application/pdf',
      "attachment; filename*=UTF-8''INV-000001.pdf",
    ]);
    expect(Buffer.from(await answer.arrayBuffer()).toString('latin1')).toContain('(Invoice INV-000001)');
    expect((await fetch(whole.url?.split('?')[0] ?? '')).status).toBe(403);
  });

  it('that got lost are made again, the same to the byte; those that are there are left alone', async () => {
    const { id } = await shop.place(buildOrder(paid));
    const [issued] = await shop.issuing.issue(id);
    await work();
    const key = `private/invoices/${issued?.id}.pdf`;
    const bytes = await shop.store.read(key, { maxBytes: 1_000_000 });
    await shop.store.remove(key);
    expect(await read(id)).toMatchObject({ status: 'pending' });
    await work();
    expect(await read(id)).toMatchObject({ status: 'ready' });
    expect(await shop.store.read(key, { maxBytes: 1_000_000 })).toEqual(bytes);
    const put = vi.spyOn(shop.store, 'put');
    await shop.files.print(issued?.id ?? '');
    expect(put).not.toHaveBeenCalled();
    put.mockRestore();
  });

  it('are not made where there is no place for them', async () => {
    const { id } = await shop.place(buildOrder(paid));
    shop.queues.jobs.length = 0;
    expect(await shop.process(shop.mongo, false).issue(id)).toHaveLength(1);
    expect(shop.queues.jobs).toEqual([]);
    const told = await shop.paperless.ofAny(id);
    expect(told).toMatchObject({ status: 'ready', number: expect.stringMatching(/^INV-/), total: usd(2_859) });
    expect(told).not.toHaveProperty('url');
    expect(shop.queues.jobs).toEqual([]);
  });

  it('are of nothing where nothing is due', async () => {
    const { id } = await shop.place(buildOrder());
    expect(await read(id)).toEqual({ status: 'none', urlSeconds: 300, creditNotes: [], corrections: [] });
    await expect(read('nobody')).rejects.toThrow('NOT_FOUND');
  });
});

describe('what is told to a user of their data', () => {
  it('names their documents, and nobody else’s', async () => {
    const mine = await shop.place(buildOrder(paid));
    const other = await shop.place(buildOrder({ ...paid, userId: 'other' }));
    for (const { id } of [mine, other]) await shop.issuing.issue(id);
    expect(await shop.personalData.collect('user')).toMatchObject([
      { kind: 'invoice', number: 'INV-000001', orderNumber: mine.number, total: usd(2_859) },
    ]);
  });
});
