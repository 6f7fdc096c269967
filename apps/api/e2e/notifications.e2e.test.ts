import type { Cartwright, RouterOutputs } from '@cartwright/sdk';
import { createTestShop, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { startMailbox } from '@cartwright/tool-mailbox';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const PATIENCE = { timeout: 20_000, interval: 50 };

let shop: TestShop;
beforeAll(async () => {
  shop = await createTestShop({ apis: 2, workers: 2, products: [{ slug: 'lamp', price: 4_999, stock: 50 }] });
});
afterAll(() => shop[Symbol.asyncDispose]());

type Notification = RouterOutputs['notifications']['list']['items'][number];
type Item = { type: string; notification?: Notification; ids?: string[]; unreadCount?: number };

/** What a device shows as it comes. */
function watch({ api }: Cartwright): Item[] {
  const seen: Item[] = [];
  api.notifications.onNew.subscribe({}, { onData: ({ data }) => seen.push(data as Item) });
  return seen;
}

/** A customer at two devices, on two instances, each with an open subscription. */
async function atTwoDevices(name: string) {
  const account = { email: `${name}@example.test`, password: TEST_PASSWORD };
  await shop.inside.services.accounts.createCustomer({ ...account, name });
  const [phone, laptop] = shop.apis.map((api) => shop.client(api)) as [Cartwright, Cartwright];
  await Promise.all([phone.api.auth.login.mutate(account), laptop.api.auth.login.mutate(account)]);
  const [onPhone, onLaptop] = [watch(phone), watch(laptop)];
  await vi.waitFor(() => expect([onPhone[0], onLaptop[0]]).toEqual([{ type: 'ready' }, { type: 'ready' }]), PATIENCE);
  return { ...account, phone, laptop, onPhone, onLaptop };
}

describe('a paid order', () => {
  it('is told live, counted, read on all devices, and mailed once', async () => {
    const { email, phone, laptop, onPhone, onLaptop } = await atTwoDevices('ada');
    const { order, payment } = await shop.order(phone);
    await shop.pay(payment.url ?? '');

    await vi.waitFor(() => expect([onPhone.length, onLaptop.length]).toEqual([2, 2]), PATIENCE);
    const told = onPhone[1]?.notification;
    expect(onLaptop[1]).toEqual(onPhone[1]);
    expect(onPhone[1]?.unreadCount).toBe(1);
    expect(told).toMatchObject({
      type: 'order.paid',
      title: `Order ${order.number} is paid`,
      link: `/orders/${order.id}`,
      data: { orderId: order.id, orderNumber: order.number, amount: order.total },
    });
    expect(told?.createdAt).toBeInstanceOf(Date);
    expect((await laptop.api.notifications.list.query({})).items).toEqual([told]);
    expect(await laptop.api.notifications.unreadCount.query()).toEqual({ unreadCount: 1 });

    const answer = await laptop.api.notifications.markRead.mutate({ ids: [told?.id ?? ''] });
    expect(answer).toEqual({ unreadCount: 0 });
    const marks = { type: 'notifications.read', ids: [told?.id], readAt: expect.any(Date) as Date, unreadCount: 0 };
    await vi.waitFor(() => expect([onPhone[2], onLaptop[2]]).toEqual([marks, marks]), PATIENCE);
    expect((await phone.api.notifications.list.query({ unreadOnly: true })).items).toEqual([]);

    await vi.waitFor(async () => expect(await shop.mailbox.messages(email)).toHaveLength(1), PATIENCE);
    const [mail] = await shop.mailbox.messages(email);
    expect(mail?.subject).toContain(`order ${order.number} is paid`);
    for (const part of [mail?.text, mail?.html]) {
      expect(part).toContain('1 × The lamp');
      expect(part).toContain(`/orders/${order.id}`);
    }
  });
});

describe('a canceled order', () => {
  it('is told as its buyer wants it', async () => {
    const { email, phone } = await atTwoDevices('ben');
    const { api } = phone;
    const { items } = await api.notifications.preferences.update.mutate({
      changes: [{ type: 'order.canceled', channel: 'mail', enabled: false }],
    });
    expect(items.find(({ type }) => type === 'order.canceled')?.channels).toEqual([
      { channel: 'in_app', enabled: true, switchable: true },
      { channel: 'mail', enabled: false, switchable: true },
    ]);
    const { order } = await shop.order(phone, { paymentMethod: 'cash_on_delivery' });
    await api.orders.cancel.mutate({ orderId: order.id });
    const types = async () => (await api.notifications.list.query({})).items.map(({ type }) => type).sort();
    await vi.waitFor(async () => expect(await types()).toEqual(['order.canceled', 'order.placed']), PATIENCE);
    await vi.waitFor(async () => expect(await shop.mailbox.messages(email)).toHaveLength(1), PATIENCE);
    expect((await shop.mailbox.messages(email))[0]?.subject).toContain('is confirmed');
  });
});

describe('notifications of somebody else', () => {
  it('are not found, not listed and not counted', async () => {
    const owner = await shop.customer();
    await shop.order(owner, { paymentMethod: 'cash_on_delivery' });
    const list = async () => (await owner.api.notifications.list.query({})).items;
    await vi.waitFor(async () => expect(await list()).toHaveLength(1), PATIENCE);
    const [notification] = await list();
    const stranger = await shop.customer();
    expect((await stranger.api.notifications.list.query({})).items).toEqual([]);
    await expect(stranger.api.notifications.markRead.mutate({ ids: [notification?.id ?? ''] })).rejects.toMatchObject({
      reason: 'NOT_FOUND',
    });
    expect(await stranger.api.notifications.markRead.mutate({ all: true })).toEqual({ unreadCount: 0 });
    expect(await owner.api.notifications.unreadCount.query()).toEqual({ unreadCount: 1 });
    await expect(shop.client().api.notifications.list.query({})).rejects.toMatchObject({ reason: 'UNAUTHENTICATED' });
  });
});

describe('a mail that no server takes', () => {
  it('is tried again until one does, and can be read in the mailbox', async () => {
    const { email, phone } = await atTwoDevices('eve');
    const smtpPort = Number(new URL(shop.mailbox.smtpUrl).port);
    await shop.mailbox.stop();
    const { order } = await shop.order(phone, { paymentMethod: 'cash_on_delivery' });
    const logs = () => shop.workers.map((worker) => worker.log()).join('\n');
    await vi.waitFor(() => expect(logs()).toContain('a mail could not be sent'), PATIENCE);

    const mailbox = await startMailbox({ smtpPort });
    try {
      await vi.waitFor(async () => expect(await mailbox.messages(email)).toHaveLength(1), PATIENCE);
      const page = await (await fetch(mailbox.url)).text();
      expect(page).toContain(`order ${order.number} is confirmed`);
      expect(page).toContain(email);
    } finally {
      await mailbox.stop();
    }
  });
});
