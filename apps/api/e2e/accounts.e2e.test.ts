import { createTestShop, TEST_ADDRESS, TEST_PASSWORD, type TestShop } from '@cartwright/testapp';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

const PATIENCE = { timeout: 20_000, interval: 50 };
const NEW_PASSWORD = 'another battery staple';

let shop: TestShop;
let database: MongoClient;
beforeAll(async () => {
  shop = await createTestShop({ apis: 2, workers: 1, products: [{ slug: 'lamp', price: 4_999, stock: 50 }] });
  database = await new MongoClient(shop.env['MONGODB_URI'] ?? '').connect();
}, 180_000);
afterAll(async () => {
  await database?.close();
  await shop?.[Symbol.asyncDispose]();
});

/** The token in the latest mail to an address whose link leads to a page. */
const linkIn = (email: string, page: string): Promise<string> =>
  vi.waitFor(async () => {
    const link = new RegExp(`${page}#([\\w-]+)`);
    const texts = (await shop.mailbox.messages(email)).map(({ text }) => text);
    const token = texts.map((text) => link.exec(text)?.[1]).find((found) => found !== undefined);
    if (token === undefined) throw new Error(`No mail to ${email} leads to ${page}`);
    return token;
  }, PATIENCE);

const register = async (name: string) => {
  const account = { email: `${name}@example.test`, password: TEST_PASSWORD, name };
  const client = shop.client();
  const { user } = await client.api.auth.register.mutate(account);
  return { ...account, user, client };
};

describe('an account', () => {
  it('is registered, verified by mail on another instance, and reset by mail', async () => {
    const { email, client } = await register('ada');
    expect(await client.api.account.me.query()).toMatchObject({ emailVerified: false });
    const elsewhere = shop.client(shop.apis[1]);
    await elsewhere.api.auth.verifyEmail.mutate({ token: await linkIn(email, '/verify-email') });
    await vi.waitFor(
      async () => expect(await client.api.account.me.query()).toMatchObject({ emailVerified: true }),
      PATIENCE,
    );

    const unknown = await elsewhere.api.auth.requestPasswordReset.mutate({ email: 'nobody@example.test' });
    expect(await elsewhere.api.auth.requestPasswordReset.mutate({ email })).toEqual(unknown);
    const token = await linkIn(email, '/reset-password');
    await elsewhere.api.auth.resetPassword.mutate({ token, newPassword: NEW_PASSWORD });
    await vi.waitFor(
      () => expect(client.api.account.me.query()).rejects.toMatchObject({ data: { reason: 'SESSION_REVOKED' } }),
      PATIENCE,
    );
    const login = (password: string) => elsewhere.api.auth.login.mutate({ email, password });
    await expect(login(TEST_PASSWORD)).rejects.toMatchObject({ data: { reason: 'INVALID_CREDENTIALS' } });
    expect(await login(NEW_PASSWORD)).toMatchObject({ status: 'ok', user: { email } });
    expect(await shop.mailbox.messages('nobody@example.test')).toEqual([]);
  });

  it('changes its address, and gets the old one back', async () => {
    const { email, client } = await register('bob');
    await client.api.auth.verifyEmail.mutate({ token: await linkIn(email, '/verify-email') });
    const newEmail = 'robert@example.test';
    await client.api.account.changeEmail.mutate({ newEmail });
    await client.api.account.confirmEmailChange.mutate({ token: await linkIn(newEmail, '/confirm-email') });
    expect(await client.api.account.me.query()).toMatchObject({ email: newEmail, emailVerified: true });
    await shop.client().api.account.undoEmailChange.mutate({ token: await linkIn(email, '/undo-email-change') });
    const token = await linkIn(email, '/reset-password');
    await shop.client().api.auth.resetPassword.mutate({ token, newPassword: NEW_PASSWORD });
    expect(await shop.client().api.auth.login.mutate({ email, password: NEW_PASSWORD })).toMatchObject({
      user: { email },
    });
  });

  it('keeps addresses, and hands out a copy of everything to its user alone', async () => {
    const { email, client } = await register('eve');
    const saved = await client.api.account.addresses.create.mutate({ address: TEST_ADDRESS });
    expect(saved).toMatchObject({ address: TEST_ADDRESS, defaultFor: ['shipping', 'billing'] });
    const { order } = await shop.order(client);
    await client.api.account.exportData.mutate();
    await vi.waitFor(async () => {
      expect(await client.api.account.exportStatus.query()).toMatchObject({ status: 'ready' });
    }, PATIENCE);
    const { url } = await client.api.account.exportDownload.mutate();
    const answer = await fetch(new URL(new URL(url).pathname + new URL(url).search, shop.apis[0]?.url));
    expect(answer.headers.get('content-disposition')).toContain('attachment');
    expect(answer.headers.get('cache-control')).toContain('no-store');
    const copy = (await answer.json()) as Record<string, unknown>;
    expect(copy).toMatchObject({
      profile: { email },
      addresses: [{ address: TEST_ADDRESS }],
      orders: [{ number: order.number }],
      cart: { lines: [] },
    });
    expect(Object.keys(copy)).toEqual(expect.arrayContaining(['sessions', 'reviews', 'notifications', 'invoices']));
    expect((await fetch(`${shop.apis[0]?.url}/account/export?ticket=forged`)).status).toBe(404);
  });

  it('is deleted when its time has come; the order stays and is nobody’s', async () => {
    const { email, user, client } = await register('mallory');
    await client.api.account.addresses.create.mutate({ address: TEST_ADDRESS });
    const { order } = await shop.order(client);
    await client.api.cart.addItem.mutate({ variantId: shop.variants.get('lamp') ?? '', quantity: 1 });
    await client.api.account.remove.mutate({ password: TEST_PASSWORD });
    await linkIn(email, '/keep-account');
    const db = database.db();
    // Two weeks later.
    await db
      .collection<{ _id: string }>('users')
      .updateOne({ _id: user.id }, { $set: { 'removal.dueAt': new Date(0) } });
    await shop.inside.services.identity.removal.removeAllDue();
    await vi.waitFor(async () => {
      expect(await db.collection('users').countDocuments({ email })).toBe(0);
      expect(await db.collection('carts').countDocuments({ userId: user.id })).toBe(0);
      expect(await db.collection('orders').countDocuments({ userId: user.id })).toBe(0);
      expect(await db.collection('orders').countDocuments({ number: order.number, email })).toBe(1);
    }, PATIENCE);
    await expect(shop.client().api.auth.login.mutate({ email, password: TEST_PASSWORD })).rejects.toMatchObject({
      data: { reason: 'INVALID_CREDENTIALS' },
    });
  });
});
