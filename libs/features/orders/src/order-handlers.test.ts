import type { NewMail } from '@cartwright/platform-mail';
import { newId } from '@cartwright/platform-mongo';
import type { Tx } from '@cartwright/platform-mongo';
import type { AnyPendingEvent } from '@cartwright/platform-outbox';
import { collectingQueues, fixedClock } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import { placedEvent, updatedEvent } from './order-changes.ts';
import { createOrderHandlers } from './order-handlers.ts';
import { REMOVED_BUYER } from './order.ts';
import { buildOrder } from './order-builders.fixture.ts';

function setUp() {
  const clock = fixedClock();
  const queues = collectingQueues();
  const appended: { stream: string; id: string; data: unknown }[] = [];
  const streams = {
    append: async (stream: string, { id, data }: { id: string; data: unknown }) => {
      appended.push({ stream, id, data });
      return `e_${appended.length}`;
    },
  };
  const written: { to: string; key: string; data: unknown }[] = [];
  const mails = { write: async (_tx: Tx, mail: NewMail) => void written.push(mail) };
  const guests = { answerLookup: async () => {} };
  const banned = new Set<string>();
  const buyers = { isBanned: async (userId: string) => banned.has(userId) };
  const applied: string[] = [];
  const bans = { applyBan: async (userId: string) => void applied.push(userId) };
  const handlers = createOrderHandlers({ queues, streams, mails, guests, buyers, bans, clock });
  async function deliver({ event, payload, ...rest }: AnyPendingEvent) {
    const id = newId();
    const delivered = { id, type: event.type, version: event.version, payload: event.payload.parse(payload), ...rest };
    for (const handler of handlers.filter((candidate) => candidate.event.type === event.type)) {
      if (handler.concerns?.(delivered.payload) ?? true) await handler.handle(delivered, { tx: {} as Tx });
    }
    return id;
  }
  return { clock, queues, appended, applied, banned, written, deliver };
}

describe('order handlers', () => {
  it('start both clocks of an order that waits for money', async () => {
    const { clock, queues, deliver } = setUp();
    const later = (milliseconds: number) => new Date(clock().getTime() + milliseconds);
    const order = buildOrder({ expiresAt: later(90_000), holdExpiresAt: later(30_000) });
    await deliver(placedEvent(order));
    expect(queues.jobs).toEqual([
      { name: 'orders.expire', payload: { orderId: order.id, expiresAt: order.expiresAt }, delayMs: 90_000 },
      {
        name: 'orders.release-hold',
        payload: { orderId: order.id, holdExpiresAt: order.holdExpiresAt },
        delayMs: 30_000,
      },
    ]);
  });

  it('start none for an order without clocks, and none in the past', async () => {
    const { clock, queues, deliver } = setUp();
    await deliver(placedEvent(buildOrder()));
    expect(queues.jobs).toEqual([]);
    await deliver(updatedEvent(buildOrder({ holdExpiresAt: new Date(clock().getTime() - 5_000) })));
    expect(queues.jobs).toMatchObject([{ name: 'orders.release-hold', delayMs: 0 }]);
  });

  it('have a ban done to an order whose buyer was banned while it was placed', async () => {
    const { applied, banned, deliver } = setUp();
    const order = buildOrder();
    await deliver(placedEvent(order));
    expect(applied).toEqual([]);
    banned.add(order.userId);
    await deliver(placedEvent(order));
    expect(applied).toEqual([order.userId]);
  });

  it('publish the status to buyer and admins under the id of the event', async () => {
    const { appended, deliver } = setUp();
    const order = buildOrder({ version: 7 });
    const id = await deliver(updatedEvent(order));
    expect(appended.map(({ stream }) => stream)).toEqual([`user:${order.userId}`, 'admin']);
    for (const entry of appended)
      expect(entry).toMatchObject({ id, data: { orderId: order.id, version: 7, status: 'pending' } });
    expect(appended[1]?.data).toMatchObject({ change: 'updated', total: order.total, returnRequested: false });
  });

  it('tell admins alone that a return waits for an answer', async () => {
    const { appended, deliver } = setUp();
    const request = { id: 'r', at: new Date(), lines: [], reason: 'Too small', status: 'asked' } as const;
    await deliver(updatedEvent(buildOrder({ returnRequests: [request] })));
    expect(appended[0]?.data).not.toHaveProperty('returnRequested');
    expect(appended[1]?.data).toMatchObject({ returnRequested: true });
  });

  it('publish an order whose account is gone to admins alone', async () => {
    const { appended, deliver } = setUp();
    await deliver(updatedEvent(buildOrder({ userId: REMOVED_BUYER })));
    expect(appended.map(({ stream }) => stream)).toEqual(['admin']);
  });
});
