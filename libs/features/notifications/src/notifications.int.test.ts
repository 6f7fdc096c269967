import { REMOVED_BUYER } from '@cartwright/feature-orders';
import { newId } from '@cartwright/platform-mongo';
import { describe, expect, it } from 'vitest';
import { orderFacts, setUpNotifications } from './notifications.fixture.ts';

describe('an event', () => {
  it('makes one notification and one mail, over several workers and however often it comes', async () => {
    await using shop = await setUpNotifications();
    const facts = orderFacts();
    const watching = shop.watch('ada');
    await expect.poll(() => watching.seen).toHaveLength(1);
    await shop.paid(facts);
    await shop.settle(5);
    // The same fact by another event.
    await shop.paid(facts);
    await shop.settle(5);

    const { items } = await shop.notifications.list('ada', { limit: 20 });
    expect(items).toEqual([
      {
        id: items[0]?.id,
        type: 'order.paid',
        title: 'Order CW-00000001 is paid',
        body: 'We have received your payment of $25.91.',
        link: `/orders/${facts.orderId}`,
        data: { orderId: facts.orderId, orderNumber: facts.number, amount: facts.total },
        createdAt: shop.clock(),
      },
    ]);
    expect(await shop.mails.find().toArray()).toMatchObject([
      { _id: `order.paid:${facts.orderId}`, to: 'ada@example.test', template: 'order.paid' },
    ]);
    expect(shop.queues.jobs).toEqual([
      { name: 'mail.deliver', payload: { mailId: `order.paid:${facts.orderId}`, attempt: 0 } },
    ]);
    expect(await shop.notifications.unreadCount('ada')).toEqual({ unreadCount: 1 });
    await expect
      .poll(() => watching.seen.map(({ data }) => data))
      .toEqual([{ type: 'ready' }, { type: 'notification.created', notification: items[0], unreadCount: 1 }]);
    await watching.stop();
  });

  it('of an order whose account is gone is told by mail alone', async () => {
    await using shop = await setUpNotifications();
    const facts = { ...orderFacts({ userId: REMOVED_BUYER }), email: 'ada@example.test' };
    await shop.paid(facts);
    await shop.settle();
    expect(await shop.docs.countDocuments()).toBe(0);
    expect(await shop.mails.find().toArray()).toMatchObject([{ to: 'ada@example.test', template: 'order.paid' }]);
  });
});

describe('the list', () => {
  it('pages from new to old, each once, though all were made in one moment', async () => {
    await using shop = await setUpNotifications();
    for (let index = 0; index < 7; index += 1) await shop.paid(orderFacts({ userId: 'ada' }));
    await shop.paid(orderFacts({ userId: 'ben' }));
    await shop.settle();
    const seen: string[] = [];
    let cursor: string | undefined;
    do {
      const page = await shop.notifications.list('ada', { limit: 3, ...(cursor === undefined ? {} : { cursor }) });
      seen.push(...page.items.map(({ id }) => id));
      cursor = page.nextCursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toHaveLength(7);
    expect(seen).toEqual([...new Set(seen)].sort().reverse());
  });

  it('shows unread ones alone when asked to', async () => {
    await using shop = await setUpNotifications();
    const [oldest = '', middle = '', newest = ''] = await shop.stock('ada', 3);
    expect(await shop.notifications.markRead('ada', { ids: [middle] })).toEqual({ unreadCount: 2 });
    const unread = await shop.notifications.list('ada', { limit: 20, unreadOnly: true });
    expect(unread.items.map(({ id }) => id)).toEqual([newest, oldest]);
    const all = await shop.notifications.list('ada', { limit: 20 });
    expect(all.items.map(({ readAt }) => readAt)).toEqual([undefined, shop.clock(), undefined]);
  });

  it.each(['x', 'eyJpZCI6MX0', Buffer.from('{"createdAt":{"$gt":0},"id":"x"}').toString('base64url')])(
    'refuses the forged cursor %s',
    async (cursor) => {
      await using shop = await setUpNotifications();
      await expect(shop.notifications.list('ada', { limit: 20, cursor })).rejects.toMatchObject({
        reason: 'CURSOR_INVALID',
      });
    },
  );

  it('skips what a newer version of the shop wrote, and goes on after it', async () => {
    await using shop = await setUpNotifications();
    const [first = '', second = ''] = await shop.stock('ada', 2);
    await shop.docs.updateOne({ _id: second }, { $set: { type: 'order.teleported' } });
    const { items, nextCursor } = await shop.notifications.list('ada', { limit: 1 });
    expect(items).toEqual([]);
    const rest = await shop.notifications.list('ada', { limit: 1, cursor: nextCursor ?? '' });
    expect(rest.items.map(({ id }) => id)).toEqual([first]);
  });
});

describe('marking as read', () => {
  it('does it once, however many devices do it at once', async () => {
    await using shop = await setUpNotifications();
    const ids = await shop.stock('ada', 5);
    const watching = shop.watch('ada');
    await expect.poll(() => watching.seen).toHaveLength(1);
    await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        shop.notifications.markRead('ada', index % 2 === 0 ? { ids } : { all: true }),
      ),
    );
    expect(await shop.notifications.unreadCount('ada')).toEqual({ unreadCount: 0 });
    await shop.settle(3);
    const marked = async () =>
      watching.seen.flatMap(({ data }) => ('ids' in data && Array.isArray(data.ids) ? (data.ids as string[]) : []));
    await expect.poll(async () => (await marked()).sort()).toEqual([...ids].sort());
    expect(watching.seen.map(({ data }) => data.type)).toEqual(['ready', 'notifications.read']);
    await watching.stop();
  });

  it('marks all of them and no other user’s', async () => {
    await using shop = await setUpNotifications();
    await shop.stock('ada', 3);
    await shop.stock('ben', 2);
    expect(await shop.notifications.markRead('ada', { all: true })).toEqual({ unreadCount: 0 });
    expect(await shop.notifications.markRead('ada', { all: true })).toEqual({ unreadCount: 0 });
    expect(await shop.notifications.unreadCount('ben')).toEqual({ unreadCount: 2 });
  });

  it('does not find somebody else’s, and marks none then', async () => {
    await using shop = await setUpNotifications();
    const [own = ''] = await shop.stock('ada', 1);
    const [foreign = ''] = await shop.stock('ben', 1);
    for (const stranger of [foreign, newId(), 'x']) {
      await expect(shop.notifications.markRead('ada', { ids: [own, stranger] })).rejects.toMatchObject({
        reason: 'NOT_FOUND',
      });
    }
    expect(await shop.notifications.unreadCount('ada')).toEqual({ unreadCount: 1 });
    expect(await shop.notifications.unreadCount('ben')).toEqual({ unreadCount: 1 });
    expect(await shop.notifications.markRead('ada', { ids: [own, own] })).toEqual({ unreadCount: 0 });
    expect(await shop.notifications.markRead('ada', { ids: [own] })).toEqual({ unreadCount: 0 });
  });

  it('names no more than can be named', async () => {
    await using shop = await setUpNotifications();
    const [id = ''] = await shop.stock('ada', 1);
    const doc = await shop.docs.findOne({ _id: id });
    if (!doc) throw new Error('it was stored');
    await shop.docs.insertMany(Array.from({ length: 201 }, (_, index) => ({ ...doc, _id: newId(), key: `k${index}` })));
    const watching = shop.watch('ada');
    await expect.poll(() => watching.seen).toHaveLength(1);
    await shop.notifications.markRead('ada', { all: true });
    await shop.settle();
    await expect
      .poll(() => watching.seen.at(-1)?.data)
      .toEqual({ type: 'notifications.read', readAt: shop.clock(), unreadCount: 0 });
    await watching.stop();
  });
});

describe('a subscription', () => {
  it('goes on where it was, and tells nobody of what is somebody else’s', async () => {
    await using shop = await setUpNotifications();
    const [mine, other] = [shop.watch('ada'), shop.watch('ben')];
    await expect.poll(() => [mine.seen.length, other.seen.length]).toEqual([1, 1]);
    await shop.stock('ada', 1);
    await expect.poll(() => mine.seen).toHaveLength(2);
    await mine.stop();
    const [missed = ''] = (await shop.stock('ada', 2)).slice(-1);
    const resumed = shop.watch('ada', mine.seen[1]?.id);
    await expect
      .poll(() => resumed.seen.map(({ data }) => data))
      .toMatchObject([
        { type: 'notification.created', notification: { type: 'order.canceled' } },
        { type: 'notification.created', notification: { id: missed } },
      ]);
    // What is delivered late tells how many are unread now.
    expect(resumed.seen.at(-1)?.data).toMatchObject({ unreadCount: 3 });
    await shop.notifications.markRead('ada', { ids: [missed] });
    await shop.settle();
    await expect
      .poll(() => resumed.seen.at(-1)?.data)
      .toMatchObject({ type: 'notifications.read', ids: [missed], unreadCount: 2 });
    await resumed.stop();
    await other.stop();
    expect(other.seen.map(({ data }) => data.type)).toEqual(['ready']);
  });
});

describe('preferences', () => {
  it('decide what reaches a customer, where there is a choice', async () => {
    await using shop = await setUpNotifications();
    const { preferences } = shop.notifications;
    const initial = await preferences.get('ada');
    expect(initial.items.map(({ type }) => type)).toContain('order.paid');
    expect(initial.items.every(({ channels }) => channels.every(({ enabled }) => enabled))).toBe(true);

    await preferences.update('ada', {
      changes: [
        { type: 'order.canceled', channel: 'in_app', enabled: false },
        { type: 'order.canceled', channel: 'mail', enabled: false },
        { type: 'order.paid', channel: 'in_app', enabled: false },
      ],
    });
    for (const userId of ['ada', 'ben']) {
      await shop.paid(orderFacts({ userId }));
      await shop.canceled(orderFacts({ userId }));
    }
    await shop.settle();
    expect((await shop.notifications.list('ada', { limit: 20 })).items).toEqual([]);
    expect((await shop.notifications.list('ben', { limit: 20 })).items).toHaveLength(2);
    const mailsTo = async (to: string) =>
      (await shop.mails.find({ to }).toArray()).map(({ template }) => template).sort();
    expect(await mailsTo('ada@example.test')).toEqual(['order.paid']);
    expect(await mailsTo('ben@example.test')).toEqual(['order.canceled', 'order.paid']);
  });

  it('leave receipts as they are, whatever is stored', async () => {
    await using shop = await setUpNotifications();
    const { preferences } = shop.notifications;
    const receipts = (enabled: boolean) => ({ changes: [{ type: 'order.paid', channel: 'mail', enabled } as const] });
    await expect(preferences.update('ada', receipts(false))).rejects.toMatchObject({ reason: 'INVALID_INPUT' });
    await shop.mongo.connection.collection<{ _id: string }>('notification_preferences').insertOne({
      _id: 'ada/order.paid/mail',
      userId: 'ada',
      type: 'order.paid',
      channel: 'mail',
      enabled: false,
    } as never);
    const { items } = await preferences.update('ada', receipts(true));
    expect(items.find(({ type }) => type === 'order.paid')?.channels).toContainEqual({
      channel: 'mail',
      enabled: true,
      switchable: false,
    });
  });

  it('of several devices at once are all kept', async () => {
    await using shop = await setUpNotifications();
    const { preferences } = shop.notifications;
    const types = ['order.placed', 'order.paid', 'order.canceled', 'order.refunded', 'payment.failed'] as const;
    await Promise.all(
      types.map((type) => preferences.update('ada', { changes: [{ type, channel: 'in_app', enabled: false }] })),
    );
    const { items } = await preferences.get('ada');
    const off = items.filter(({ channels }) =>
      channels.some(({ channel, enabled }) => channel === 'in_app' && !enabled),
    );
    expect(off.map(({ type }) => type)).toEqual([...types]);
  });
});
