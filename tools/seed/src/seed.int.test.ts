import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { composeShop } from '@cartwright/composition';
import { loadConfig } from '@cartwright/platform-config';
import { testMongoUri, testRedisUrl } from '@cartwright/testkit';
import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readDemoData } from './demo-data.ts';
import { createProgress } from './progress.ts';
import { seedShop } from './seed.ts';

const data = readDemoData();
const now = new Date();
const lines: string[] = [];
const progress = createProgress((line) => lines.push(line));
let mediaDir: string;
let shop: Awaited<ReturnType<typeof composeShop>>;

beforeAll(async () => {
  mediaDir = await mkdtemp(join(tmpdir(), 'cartwright-seed-'));
  const key = generateKeyPairSync('ed25519').privateKey.export({ format: 'jwk' });
  const config = loadConfig({
    NODE_ENV: 'test',
    MONGODB_URI: testMongoUri(),
    REDIS_URL: testRedisUrl(),
    REDIS_PREFIX: `t${randomBytes(6).toString('hex')}`,
    STRIPE_SECRET_KEY: 'sk_test_seed',
    STRIPE_WEBHOOK_SECRET: 'whsec_seed',
    SMTP_URL: 'smtp://127.0.0.1:9',
    JWT_KEYS: JSON.stringify({ keys: [{ ...key, kid: 'seed' }] }),
    ENCRYPTION_KEYS: JSON.stringify({ keys: [{ kty: 'oct', kid: 'seed', k: randomBytes(32).toString('base64url') }] }),
    SESSION_SECRET: randomBytes(32).toString('hex'),
    MEDIA_DIR: mediaDir,
    LOG_LEVEL: 'warn',
  });
  shop = await composeShop(config, { name: 'seed-test' });
});

afterAll(async () => {
  await shop?.close();
  await rm(mediaDir, { recursive: true, force: true });
});

describe('seeding', () => {
  it('fills the shop through its own imports', { timeout: 60_000 }, async () => {
    const result = await seedShop(shop, { now, progress });
    expect(result).toEqual({
      products: data.products.length,
      accounts: data.customers.length + 1,
      coupons: data.coupons.length,
      reviews: data.reviews.length,
      orders: data.orders.length,
      notifications: expect.any(Number) as number,
    });
    const tree = await shop.services.catalog.categoryTree();
    expect(tree.map(({ slug }) => slug)).toContain('kitchen');
    // The numbers beside the categories are kept for some seconds.
    const counted = async (): Promise<number> =>
      (await shop.services.catalog.categoryTree()).reduce((sum, { productCount }) => sum + productCount, 0);
    await expect.poll(counted).toBe(data.products.length);
  });

  it('draws every picture that a product names', async () => {
    const files = new Set(await readdir(mediaDir));
    const { items } = await shop.services.catalog.list({ sort: 'newest', limit: 100 });
    for (const { slug } of items) {
      const { images } = await shop.services.catalog.bySlug(slug);
      expect(images.length, slug).toBeGreaterThan(0);
      for (const image of images) expect(files.has(image.replace('/media/', '')), image).toBe(true);
    }
  });

  it('has told the demo customer of the past orders: the newest are unread, and no mail was written', async () => {
    const email = 'customer@cartwright.test';
    const { id = '' } = (await shop.services.accounts.byEmails([email])).get(email) ?? {};
    const orders = await shop.services.orders.list(id, { limit: 100 });
    const { items } = await shop.services.notifications.list(id, { limit: 100 });
    const told = orders.items.filter(({ status }) => status !== 'pending');
    expect(items.map(({ data: { orderId } }) => orderId)).toEqual(told.map(({ id: orderId }) => orderId));
    expect(new Set(items.map(({ type }) => type)).size).toBeGreaterThan(1);
    const unread = items.filter(({ readAt }) => readAt === undefined);
    expect(unread.length).toBeGreaterThan(0);
    expect(unread).toEqual(items.slice(0, unread.length));
    expect(await shop.services.notifications.unreadCount(id)).toEqual({ unreadCount: unread.length });
    expect((await shop.metrics()).body).toMatch(/mails_open\{[^}]*\} 0/);
  });

  it('changes nothing the second time', { timeout: 60_000 }, async () => {
    const before = await shop.services.catalog.bySlug('morning-mug');
    const result = await seedShop(shop, { now: new Date(now.getTime() + 86_400_000), progress });
    expect(result).toEqual({ products: 0, accounts: 0, coupons: 0, reviews: 0, orders: 0, notifications: 0 });
    expect(await shop.services.catalog.bySlug('morning-mug')).toEqual(before);
  });

  it('adds generated products, and leaves a filled shop alone when asked to', { timeout: 60_000 }, async () => {
    const products = data.products.length + 40;
    const result = await seedShop(shop, { now, progress, products, skipOrders: true });
    expect(result).toMatchObject({ products: 40, orders: 0 });
    expect(await shop.services.catalog.count({})).toBe(products);
    expect(await seedShop(shop, { now, progress, ifEmpty: true })).toBeUndefined();
  });
});
