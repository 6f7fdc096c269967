import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createWebHost } from './web-host.ts';

describe('createWebHost', () => {
  const distDir = mkdtempSync(path.join(tmpdir(), 'cartwright-web-'));
  let origin = '';
  let stop = () => undefined as void;

  beforeAll(async () => {
    mkdirSync(path.join(distDir, 'assets'));
    writeFileSync(path.join(distDir, 'index.html'), '<title>shop</title>');
    writeFileSync(path.join(distDir, 'assets', 'index-abc.js'), 'export {};');
    const app = createWebHost({
      distDir,
      apiUrl: 'https://api.shop.test',
      fileOrigins: ['https://files.test'],
      demoAccounts: false,
    });
    const server = createServer(app);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    stop = () => void server.close();
  });
  afterAll(() => {
    stop();
    rmSync(distDir, { recursive: true });
  });

  it('answers page addresses with the app, never cached', async () => {
    for (const page of ['/', '/p/oak-chair', '/orders/abc?payment=success']) {
      const response = await fetch(origin + page);
      expect(response.status).toBe(200);
      expect(await response.text()).toContain('<title>shop</title>');
      expect(response.headers.get('cache-control')).toBe('no-cache');
    }
  });

  it('serves hashed assets for ever', async () => {
    const response = await fetch(`${origin}/assets/index-abc.js`);
    expect(response.headers.get('cache-control')).toBe('public, max-age=31536000, immutable');
  });

  it('does not answer a missing file with the app', async () => {
    expect((await fetch(`${origin}/assets/gone.js`)).status).toBe(404);
    expect((await fetch(`${origin}/robots.txt`)).status).toBe(404);
    expect((await fetch(`${origin}/p/x`, { method: 'POST' })).status).toBe(404);
  });

  it('says where the API is', async () => {
    const response = await fetch(`${origin}/config.json`);
    expect(await response.json()).toEqual({ apiUrl: 'https://api.shop.test', demoAccounts: false });
    expect(response.headers.get('cache-control')).toBe('no-store');
  });

  it('allows scripts from itself only, and data and live events from the API', async () => {
    const policy = (await fetch(origin)).headers.get('content-security-policy') ?? '';
    expect(policy).toContain("script-src 'self';");
    expect(policy).toContain("connect-src 'self' https://api.shop.test wss://api.shop.test");
    expect(policy).toContain("frame-ancestors 'none'");
  });

  it('allows files to go to their store, and pictures to come from there', async () => {
    const policy = (await fetch(origin)).headers.get('content-security-policy') ?? '';
    expect(policy).toMatch(/connect-src [^;]*https:\/\/files\.test/);
    expect(policy).toMatch(/img-src [^;]*https:\/\/files\.test/);
    expect(policy).not.toMatch(/script-src [^;]*files/);
  });

  it('is alive', async () => {
    expect((await fetch(`${origin}/health/live`)).status).toBe(200);
  });

  it('serves the app also from a folder below a hidden one', async () => {
    const hidden = path.join(distDir, '.hidden', 'dist');
    mkdirSync(hidden, { recursive: true });
    writeFileSync(path.join(hidden, 'index.html'), '<title>hidden</title>');
    const server = createServer(createWebHost({ distDir: hidden, apiUrl: '', fileOrigins: [], demoAccounts: false }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const response = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/cart`);
    server.close();
    expect(response.status).toBe(200);
  });

  it('refuses to start without a build', () => {
    expect(() => createWebHost({ distDir: '/nowhere', apiUrl: '', fileOrigins: [], demoAccounts: false })).toThrow(
      /not built/,
    );
  });
});
