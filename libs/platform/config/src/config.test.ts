import { describe, expect, it } from 'vitest';
import { ConfigError } from './config-error.ts';
import { loadConfig } from './config.ts';

const key = { kty: 'OKP', crv: 'Ed25519', kid: 'k1', x: 'a'.repeat(43), d: 'b'.repeat(43) };
const encryptionKey = { kty: 'oct', kid: 'e1', k: 'c'.repeat(43) };
const required = {
  MONGODB_URI: 'mongodb://127.0.0.1:27117/shop',
  REDIS_URL: 'redis://127.0.0.1:6479',
  STRIPE_SECRET_KEY: 'sk_test_x',
  STRIPE_WEBHOOK_SECRET: 'whsec_x',
  SMTP_URL: 'smtp://127.0.0.1:1025',
  JWT_KEYS: JSON.stringify({ keys: [key] }),
  ENCRYPTION_KEYS: JSON.stringify({ keys: [encryptionKey] }),
  SESSION_SECRET: 'x'.repeat(32),
};

const urls = { PUBLIC_URL: 'https://api.shop.test', WEB_URL: 'https://shop.test' };

const problemsOf = (env: Record<string, string | undefined>): string[] => {
  try {
    loadConfig(env);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.problems.map(({ variable }) => variable).sort();
    throw error;
  }
};

describe('loadConfig', () => {
  it('fills in defaults', () => {
    const config = loadConfig({ ...required, SHOP_NAME: '', PORT: '3001' });
    expect(config).toMatchObject({
      env: 'development',
      http: { port: 3001, publicUrl: 'http://127.0.0.1:3001', allowedOrigins: ['http://127.0.0.1:4200'] },
      redis: { url: required.REDIS_URL, cacheUrl: required.REDIS_URL, prefix: 'cw' },
      shop: {
        name: 'Cartwright',
        seller: { name: 'Cartwright', address: [] },
        currency: 'USD',
        stockHoldSeconds: 3_600,
        orderExpirySeconds: 345_600,
        returnWindowSeconds: 2_592_000,
        staffRefundLimit: 20_000,
      },
    });
    expect(config.stripe).not.toHaveProperty('apiBase');
  });

  it('reads who sells, line by line', () => {
    const seller = { SHOP_LEGAL_NAME: 'Lamps Ltd', SHOP_ADDRESS: '1 Main St | Springfield||US', SHOP_TAX_ID: 'X1' };
    expect(loadConfig({ ...required, ...seller }).shop.seller).toEqual({
      ...{ name: 'Lamps Ltd', address: ['1 Main St', 'Springfield', 'US'], taxId: 'X1' },
    });
  });

  it('names every wrong variable at once', () => {
    expect(problemsOf({})).toEqual(Object.keys(required).sort());
    const wrong = {
      ...required,
      PORT: '99999',
      SHOP_TIMEZONE: 'Mars/Olympus',
      SHOP_CURRENCY: 'XYZ',
      SESSION_SECRET: 'short',
      JWT_KEYS: '{}',
      TRUSTED_PROXIES: '10.0.0.0/8, nginx',
    };
    expect(problemsOf(wrong)).toEqual([
      'JWT_KEYS',
      'PORT',
      'SESSION_SECRET',
      'SHOP_CURRENCY',
      'SHOP_TIMEZONE',
      'TRUSTED_PROXIES',
    ]);
  });

  it('takes proxies as addresses and networks', () => {
    const TRUSTED_PROXIES = '127.0.0.1, 10.0.0.0/8, fd00::/8';
    expect(loadConfig({ ...required, TRUSTED_PROXIES }).http.trustedProxies).toHaveLength(3);
    for (const wrong of ['10.0.0.0/33', '10.0.0.0/', '1.2.3', 'fd00::/129']) {
      expect(problemsOf({ ...required, TRUSTED_PROXIES: wrong })).toEqual(['TRUSTED_PROXIES']);
    }
  });

  it('refuses signing keys that share an id: no token could be told to be of one', () => {
    expect(problemsOf({ ...required, JWT_KEYS: JSON.stringify({ keys: [key, key] }) })).toEqual(['JWT_KEYS']);
    const twins = JSON.stringify({ keys: [encryptionKey, encryptionKey] });
    expect(problemsOf({ ...required, ENCRYPTION_KEYS: twins })).toEqual(['ENCRYPTION_KEYS']);
  });

  it('takes encryption keys of 256 bits alone', () => {
    for (const k of ['c'.repeat(42), '']) {
      const short = JSON.stringify({ keys: [{ ...encryptionKey, k }] });
      expect(problemsOf({ ...required, ENCRYPTION_KEYS: short })).toEqual(['ENCRYPTION_KEYS']);
    }
  });

  it('tells no values', () => {
    expect(() => loadConfig({ ...required, SESSION_SECRET: 'hunter2' })).toThrow(/SESSION_SECRET: must have/);
    expect(() => loadConfig({ ...required, SESSION_SECRET: 'hunter2' })).not.toThrow(/hunter2/);
  });

  it('lets seconds override minutes', () => {
    const { shop } = loadConfig({ ...required, STOCK_HOLD_SECONDS: '2', ORDER_EXPIRY_SECONDS: '5' });
    expect([shop.stockHoldSeconds, shop.orderExpirySeconds]).toEqual([2, 5]);
  });

  it('limits networks strictly in production only', () => {
    expect(loadConfig({ ...required, ...urls, NODE_ENV: 'production' }).limits.networkFactor).toBe(1);
    expect(loadConfig(required).limits.networkFactor).toBeGreaterThan(1);
    expect(loadConfig({ ...required, NETWORK_LIMIT_FACTOR: '7' }).limits.networkFactor).toBe(7);
  });

  it('takes no address of its own machine for the shop’s in production, unless that is said', () => {
    const production = { ...required, NODE_ENV: 'production' };
    expect(problemsOf(production)).toEqual(['PUBLIC_URL', 'WEB_URL']);
    expect(problemsOf({ ...production, ...urls, WEB_URL: ' ' })).toEqual(['WEB_URL']);
    expect(problemsOf({ ...production, ...urls })).toEqual([]);
    const local = { PUBLIC_URL: 'http://127.0.0.1:3000', WEB_URL: 'http://localhost:4200' };
    expect(problemsOf({ ...production, ...local })).toEqual([]);
    expect(problemsOf(required)).toEqual([]);
  });

  it('trusts no whole internet of proxies in production', () => {
    const production = { ...required, ...urls, NODE_ENV: 'production' };
    for (const TRUSTED_PROXIES of ['0.0.0.0/0', '::/0', '10.0.0.0/8, 0.0.0.0/00', '1.2.3.4/0']) {
      expect(problemsOf({ ...production, TRUSTED_PROXIES })).toEqual(['TRUSTED_PROXIES']);
    }
    expect(problemsOf({ ...production, TRUSTED_PROXIES: '10.0.0.0/8, 172.30.40.0/24, fd00::/10' })).toEqual([]);
    expect(problemsOf({ ...required, TRUSTED_PROXIES: '0.0.0.0/0' })).toEqual([]);
  });

  it('takes a bucket whole or not at all', () => {
    expect(loadConfig(required)).not.toHaveProperty('files');
    const keys = { S3_ACCESS_KEY_ID: 'id', S3_SECRET_ACCESS_KEY: 'secret' };
    const S3_BUCKET = 'shop-files';
    expect(loadConfig({ ...required, S3_BUCKET }).files).toEqual({
      bucket: S3_BUCKET,
      region: 'us-east-1',
      publicUrl: 'https://shop-files.s3.us-east-1.amazonaws.com',
    });
    const elsewhere = { ...required, ...keys, S3_BUCKET, S3_ENDPOINT: 'http://127.0.0.1:9000/' };
    expect(loadConfig(elsewhere).files).toMatchObject({
      endpoint: 'http://127.0.0.1:9000',
      credentials: { accessKeyId: 'id', secretAccessKey: 'secret' },
      publicUrl: 'http://127.0.0.1:9000/shop-files',
    });
    expect(loadConfig({ ...elsewhere, S3_PUBLIC_URL: 'https://cdn.test/' }).files?.publicUrl).toBe('https://cdn.test');
    expect(problemsOf({ ...required, ...keys })).toEqual(['S3_BUCKET']);
    expect(problemsOf({ ...required, S3_PUBLIC_URL: 'https://cdn.test' })).toEqual(['S3_BUCKET']);
    expect(problemsOf({ ...required, S3_BUCKET, S3_ACCESS_KEY_ID: 'id' })).toEqual(['S3_SECRET_ACCESS_KEY']);
    expect(problemsOf({ ...required, S3_BUCKET, S3_SECRET_ACCESS_KEY: 'x' })).toEqual(['S3_ACCESS_KEY_ID']);
  });

  it('refuses contradictions', () => {
    const live = {
      ...required,
      ...urls,
      NODE_ENV: 'production',
      STRIPE_SECRET_KEY: 'sk_live_x',
      STRIPE_API_BASE: 'http://x.test',
    };
    expect(problemsOf(live)).toEqual(['STRIPE_API_BASE']);
    expect(problemsOf({ ...required, STOCK_HOLD_MINUTES: '10', ORDER_EXPIRY_MINUTES: '5' })).toEqual([
      'STOCK_HOLD_MINUTES',
    ]);
  });
});
