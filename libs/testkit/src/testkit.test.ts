import { describe, expect, it } from 'vitest';
import { fixedClock } from './clock.ts';
import { collectingLogger, collectingOutbox, collectingQueues, fakeTransactions } from './fakes.ts';

describe('fixedClock', () => {
  it('stands still until it is moved', () => {
    const clock = fixedClock('2026-01-01T00:00:00.000Z');
    expect(clock()).toEqual(clock());
    clock.advance(1_500);
    expect(clock().toISOString()).toBe('2026-01-01T00:00:01.500Z');
    clock.set('2026-02-01');
    expect(clock().toISOString()).toBe('2026-02-01T00:00:00.000Z');
  });
});

describe('fakes', () => {
  it('keep what they are given', async () => {
    const { logger, lines } = collectingLogger();
    logger.child({}).warn({ a: 1 }, 'careful');
    logger.info('plain');
    expect(lines).toEqual([
      { level: 'warn', facts: { a: 1 }, message: 'careful' },
      { level: 'info', facts: undefined, message: 'plain' },
    ]);

    const outbox = collectingOutbox();
    const queues = collectingQueues();
    await fakeTransactions().transaction((tx) =>
      outbox.append(tx, [{ event: { type: 'order.placed' }, aggregateId: 'o1', payload: {} }]),
    );
    await queues.enqueue({ name: 'orders.expire' }, { orderId: 'o1' }, { delayMs: 5 });
    expect(outbox.types()).toEqual(['order.placed']);
    expect(queues.jobs).toEqual([{ name: 'orders.expire', payload: { orderId: 'o1' }, delayMs: 5 }]);
    expect(await queues.remove({ name: 'orders.expire' }, { orderId: 'o1' })).toBe(true);
    expect(await queues.remove({ name: 'orders.expire' }, { orderId: 'o1' })).toBe(false);
  });
});
