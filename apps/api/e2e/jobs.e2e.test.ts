import { isCartwrightError, type Cartwright } from '@cartwright/sdk';
import { createTestShop, type TestShop } from '@cartwright/testapp';
import { Queue } from 'bullmq';
import { Redis } from 'ioredis';
import { MongoClient } from 'mongodb';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';

let shop: TestShop;
let admin: Cartwright;
let redis: Redis;
let mail: Queue;
let apiUrl = '';
beforeAll(async () => {
  shop = await createTestShop({ env: { LOG_LEVEL: 'silent' } });
  apiUrl = shop.apis[0]?.url ?? '';
  redis = new Redis(shop.env.REDIS_URL ?? '');
  mail = new Queue('mail', {
    connection: redis,
    prefix: `${shop.env.REDIS_PREFIX}:queue`,
  });
});
afterAll(async () => {
  await mail.close();
  redis.disconnect();
  await shop[Symbol.asyncDispose]();
});
beforeEach(async () => {
  admin = await shop.admin();
});

const reasonOf = (call: Promise<unknown>): Promise<string | undefined> =>
  call.then(
    () => 'answered',
    (error: unknown) => (isCartwrightError(error) ? error.reason : String(error)),
  );

/** Mails whose payload nobody can read, so that they are dead letters at once. */
async function failingMails(count: number): Promise<void> {
  await mail.addBulk(
    Array.from({ length: count }, (_, index) => ({
      name: 'mail.deliver',
      data: {
        to: `ada${index}@example.test`,
        line1: '12 Analytical Row',
        resetToken: 'secret-secret',
        orderId: '507f1f77bcf86cd799439011',
      },
    })),
  );
  await expect.poll(() => mail.getFailedCount()).toBe(count);
}

describe('queues', () => {
  it('are shown to administrators, and to nobody else', async () => {
    const { items } = await admin.api.admin.jobs.queues.query();
    expect(items.map(({ name }) => name)).toEqual(expect.arrayContaining(['events', 'mail', 'orders', 'payments']));
    expect(items.find(({ name }) => name === 'mail')).toMatchObject({ paused: false, healthy: true, failed: 0 });
    const customer = await shop.customer();
    expect(await reasonOf(customer.api.admin.jobs.queues.query())).toBe('FORBIDDEN');
    expect(await reasonOf(customer.api.admin.jobs.openBoard.mutate())).toBe('FORBIDDEN');
    expect(await reasonOf(shop.client().api.admin.jobs.openBoard.mutate())).toBe('UNAUTHENTICATED');
  });

  it('give their dead letters to be looked at, tried again and thrown away', async () => {
    await failingMails(3);
    const page = await admin.api.admin.jobs.deadLetters.query({ queue: 'mail', limit: 2 });
    expect(page.items).toHaveLength(2);
    expect(page.nextCursor).not.toBeNull();
    expect(page.items[0]).toMatchObject({
      name: 'mail.deliver',
      payload: {
        to: '[hidden]',
        line1: '[hidden]',
        resetToken: '[hidden]',
        orderId: '507f1f77bcf86cd799439011',
      },
    });
    expect(JSON.stringify(page)).not.toMatch(/secret-secret|@example|Analytical/);
    const jobIds = page.items.map(({ id }) => id);
    expect(await admin.api.admin.jobs.discard.mutate({ queue: 'mail', jobIds })).toEqual({ count: 2 });
    expect(await admin.api.admin.jobs.retry.mutate({ queue: 'mail', all: true })).toEqual({ count: 1 });
    await expect.poll(() => mail.getFailedCount()).toBe(1);
    expect(await admin.api.admin.jobs.discard.mutate({ queue: 'mail', all: true })).toEqual({ count: 1 });
    expect(await reasonOf(admin.api.admin.jobs.deadLetters.query({ queue: 'nowhere' }))).toBe('NOT_FOUND');
    const forged = admin.api.admin.jobs.deadLetters.query({ queue: 'mail', cursor: 'forged' });
    expect(await reasonOf(forged)).toBe('CURSOR_INVALID');
  });

  it('have the events that do not get done among their dead letters', async () => {
    const client = await MongoClient.connect(shop.env.MONGODB_URI ?? '');
    const now = new Date();
    await client
      .db()
      .collection<{ _id: string }>('outbox')
      .insertOne({
        _id: 'f'.repeat(24),
        // The payload that the handler gets never fits; it was relayed often already.
        ...{ type: 'order.paid', version: 1, payload: {}, expects: ['orders.publish-paid'], handled: [], relays: 6 },
        ...{ aggregateId: 'x', aggregateVersion: 1, status: 'relayed', occurredAt: now, createdAt: now, dueAt: now },
        failure: { handler: 'orders.publish-paid', reason: 'no such field for ada@example.test', at: now },
      } as { _id: string });
    await client.close();
    const letters = async () => (await admin.api.admin.jobs.deadLetters.query({ queue: 'events' })).items;
    await expect
      .poll(letters, { timeout: 10_000 })
      .toMatchObject([{ id: 'f'.repeat(24), name: 'events.deliver', payload: { event: 'order.paid' } }]);
    expect(JSON.stringify(await letters())).not.toContain('@example');
    const { items } = await admin.api.admin.jobs.queues.query();
    expect(items.find(({ name }) => name === 'events')).toMatchObject({ failed: 1 });
    const jobIds = ['f'.repeat(24)];
    expect(await admin.api.admin.jobs.discard.mutate({ queue: 'events', jobIds })).toEqual({ count: 1 });
    expect(await letters()).toEqual([]);
  });

  it('can be paused and resumed', async () => {
    expect(await admin.api.admin.jobs.pause.mutate({ queue: 'mail' })).toMatchObject({ name: 'mail', paused: true });
    expect(await admin.api.admin.jobs.resume.mutate({ queue: 'mail' })).toMatchObject({ paused: false });
    expect(await reasonOf(admin.api.admin.jobs.pause.mutate({ queue: 'nowhere' }))).toBe('NOT_FOUND');
  });

  it('are measured, and make a worker ready', async () => {
    const worker = shop.workers[0]?.url ?? '';
    await shop.order(await shop.customer());
    const metrics = async (): Promise<string> => (await fetch(`${worker}/metrics`)).text();
    await expect
      .poll(metrics)
      .toMatch(/cartwright_outbox_handled_total\{handler="orders\.[^"]+",service="worker"\} \d/);
    const expected = [
      'jobs_total{queue="events",job="events.deliver",outcome="done"',
      'job_duration_seconds_bucket{',
      'outbox_relayed_total{type="order.placed",again="false"',
      'outbox_latency_seconds_bucket{',
      'outbox_handled_total{handler="orders.publish-placed"',
      'outbox_open{',
      'outbox_oldest_seconds{',
      'outbox_stuck{',
      'queue_jobs{queue="mail",state="failed"',
      'queue_oldest_waiting_seconds{queue="events"',
      'queue_since_progress_seconds{queue="events"',
      'queue_healthy{queue="mail"',
    ];
    const missing = async (): Promise<string[]> => {
      const text = await metrics();
      return expected.filter((name) => !text.includes(`cartwright_${name}`));
    };
    await expect.poll(missing).toEqual([]);
    const ready = await fetch(`${worker}/health/ready`);
    expect(ready.status).toBe(200);
    const { services } = (await ready.json()) as { services: Record<string, string> };
    expect(services).toMatchObject({
      mongodb: 'ok',
      redis: 'ok',
      outbox: 'ok',
      'queue mail': 'ok',
      'queue events': 'ok',
    });
  });
});

/** A browser: keeps the cookie that it gets when it enters. */
async function enter(url: string): Promise<{ status: number; cookie: string; setCookie: string; body: string }> {
  const { pathname, search } = new URL(url);
  const answer = await fetch(`${apiUrl}${pathname}${search}`, { redirect: 'manual' });
  const setCookie = answer.headers.get('set-cookie') ?? '';
  return { status: answer.status, setCookie, cookie: setCookie.split(';')[0] ?? '', body: await answer.text() };
}
const visit = (path: string, cookie: string, init: RequestInit = {}): Promise<Response> =>
  fetch(`${apiUrl}/admin/queues${path}`, { ...init, headers: { cookie, ...init.headers } });
const statusOf = async (answer: Promise<Response>): Promise<number> => {
  const { status, body } = await answer;
  await body?.cancel();
  return status;
};
/** What a change of role does to all sessions that there are. */
async function setRoles(role: string): Promise<void> {
  const sessions = await redis.keys(`${shop.env.REDIS_PREFIX}:session:*`);
  for (const session of sessions) await redis.hset(session, 'role', role);
}
const openBoard = async (client: Cartwright) => enter((await client.api.admin.jobs.openBoard.mutate()).url);

describe('the dashboard of queues', () => {
  it('opens with a ticket, in a cookie that scripts and other sites have no use of', async () => {
    const { status, setCookie, cookie, body } = await openBoard(admin);
    expect(status).toBe(200);
    expect(setCookie).toMatch(
      /^cartwright_board=[\w-]{40,}; Max-Age=1800; Path=\/admin\/queues; .*HttpOnly; SameSite=Strict$/,
    );
    expect(body).toContain('url=/admin/queues/');

    const page = await visit('/', cookie);
    expect(page.status).toBe(200);
    expect(page.headers.get('content-security-policy')).toContain("script-src 'self'");
    expect(page.headers.get('cache-control')).toBe('no-store');
    const html = await page.text();
    const script = /src="(static\/js\/main[^"]+)"/.exec(html)?.[1] ?? '';
    expect(await statusOf(visit(`/${script}`, cookie))).toBe(200);
    const { queues } = (await (await visit('/api/queues', cookie)).json()) as { queues: { name: string }[] };
    expect(queues.map(({ name }) => name)).toContain('mail');
  });

  it('shows no mail address and no credential of a job', async () => {
    await failingMails(1);
    const { cookie } = await openBoard(admin);
    const shown = await (await visit('/api/queues?activeQueue=mail&status=failed', cookie)).text();
    expect(shown).toContain('507f1f77bcf86cd799439011');
    expect(shown).not.toMatch(/secret-secret|@example|Analytical/);
    await admin.api.admin.jobs.discard.mutate({ queue: 'mail', all: true });
  });

  it('takes a ticket once', async () => {
    const { url } = await admin.api.admin.jobs.openBoard.mutate();
    const outcomes = await Promise.all([enter(url), enter(url), enter(url)]);
    expect(outcomes.map(({ status }) => status).toSorted()).toEqual([200, 401, 401]);
    expect((await enter(url)).status).toBe(401);
  });

  it('is closed without a cookie, with a forged one, and for bearer tokens', async () => {
    for (const cookie of ['', 'cartwright_board=', `cartwright_board=${'a'.repeat(43)}`, 'cartwright_board=../x']) {
      for (const path of ['', '/', '/api/queues', '/queue/mail', '/static/js/main.js', '/enter', '/enter?ticket=a']) {
        expect(await statusOf(visit(path, cookie))).toBe(401);
      }
    }
    for (const ticket of ['a'.repeat(43), '%00', 'a&ticket=b', "{'$ne':1}"]) {
      expect(await statusOf(visit(`/enter?ticket=${ticket}`, ''))).toBe(401);
    }
  });

  it('closes with the session that opened it', async () => {
    const { cookie } = await openBoard(admin);
    expect(await statusOf(visit('/api/queues', cookie))).toBe(200);
    const { url } = await admin.api.admin.jobs.openBoard.mutate();
    await admin.api.auth.logout.mutate();
    expect(await statusOf(visit('/api/queues', cookie))).toBe(401);
    expect((await enter(url)).status).toBe(401);
  });

  it('closes when its visitor is an administrator no more', async () => {
    const { cookie } = await openBoard(admin);
    await setRoles('staff');
    expect(await statusOf(visit('/api/queues', cookie))).toBe(401);
    await setRoles('admin');
    expect(await statusOf(visit('/api/queues', cookie))).toBe(200);
  });

  it('lets nobody change anything, least of all other pages', async () => {
    const { cookie } = await openBoard(admin);
    const pause = (headers: Record<string, string>) =>
      statusOf(visit('/api/queues/mail/pause', cookie, { method: 'PUT', headers }));
    for (const headers of [
      {},
      { origin: 'https://evil.test' },
      { origin: 'null' },
      { origin: apiUrl, 'sec-fetch-site': 'cross-site' },
      { origin: 'http://127.0.0.1:4200' },
    ]) {
      expect(await pause(headers)).toBe(403);
    }
    // It shows blurred payloads and keeps no log: changes are made by admin.jobs.
    expect(await pause({ origin: apiUrl, 'sec-fetch-site': 'same-origin' })).toBe(405);
    expect((await admin.api.admin.jobs.queues.query()).items.find(({ name }) => name === 'mail')?.paused).toBe(false);
  });
});
