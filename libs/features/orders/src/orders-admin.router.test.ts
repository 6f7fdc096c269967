import { createCallerFactory, createIdempotency, type RequestContext } from '@cartwright/api-core';
import { newId } from '@cartwright/platform-mongo';
import { collectingAudit, collectingLogger, memoryIdempotencyKeys } from '@cartwright/testkit';
import { describe, expect, it } from 'vitest';
import type { OrderOffice } from './create-order-office.ts';
import { toAdminOrderDto } from './order-admin-mapping.ts';
import { buildOrder } from './order-builders.fixture.ts';
import { createOrderOfficeRouter } from './orders-admin.router.ts';

/** The office of a shop that notes what it is asked for, and a member of staff. */
function setUp() {
  const calls: unknown[] = [];
  const order = toAdminOrderDto(buildOrder());
  const noting = (name: string, answer: unknown) => async (given: unknown) => {
    calls.push([name, given]);
    return answer;
  };
  const orderOffice = {
    desk: { note: noting('note', order), bulk: noting('bulk', { results: [] }) },
    fulfilment: { startProcessing: noting('startProcessing', order) },
    refunds: { retry: noting('retryRefund', order) },
  } as unknown as OrderOffice;
  const context: RequestContext = {
    ...{ requestId: 'r', ip: '127.0.0.1', userAgent: 'test', transport: 'http' },
    authenticate: async () => ({
      ...{ userId: 'u1', sessionId: 's', role: 'staff', emailVerified: true, stepUpUntil: null },
    }),
    audit: collectingAudit(),
    logger: collectingLogger().logger,
  };
  const idempotency = createIdempotency({ keys: memoryIdempotencyKeys() });
  return { calls, office: createCallerFactory(createOrderOfficeRouter({ orderOffice, idempotency }))(context) };
}

describe('what staff do with an order', () => {
  it.each([
    ['note', { orderId: 'o', text: 'Called the buyer' }],
    ['startProcessing', { orderId: 'o' }],
    ['bulk', { orderIds: ['o'], action: 'markDelivered' }],
    ['retryRefund', { orderId: 'o', refundId: 'r' }],
  ] as const)('happens once for a key, and each time without one: %s', async (name, input) => {
    const { calls, office } = setUp();
    const send = (idempotencyKey?: string) =>
      office[name]({ ...input, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) } as never);
    const given = name === 'startProcessing' ? 'o' : input;
    const key = newId();
    await send(key);
    await send(key);
    expect(calls).toEqual([[name, given]]);
    await send();
    await send();
    expect(calls).toHaveLength(3);
  });
});
