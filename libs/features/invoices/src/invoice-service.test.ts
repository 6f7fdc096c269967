import { notFound } from '@cartwright/domain-errors';
import type { Order, OrderCaller } from '@cartwright/feature-orders';
import { collectingQueues } from '@cartwright/testkit';
import { expect, it } from 'vitest';
import { createInvoiceService } from './invoice-service.ts';
import { buildOrder } from './invoices.fixture.ts';

function setUp() {
  const order = buildOrder();
  const reads: string[] = [];
  const orders = {
    async byId(orderId: string): Promise<Order | null> {
      reads.push(orderId);
      return orderId === order.id ? order : null;
    },
    async requireOwn({ userId }: OrderCaller, orderId: string): Promise<Order> {
      reads.push(orderId);
      if (userId !== order.userId) throw notFound('order');
      return order;
    },
  };
  const invoices = { ofOrders: async () => [] };
  const files = { addressOf: async () => undefined };
  const service = createInvoiceService({ invoices, orders, files, queues: collectingQueues(), isPrinting: true });
  return { order, reads, service };
}

it('reads an order once for its documents, and shows them to its buyer and staff alone', async () => {
  const { order, reads, service } = setUp();
  expect(await service.ofOwn({ userId: order.userId }, order.id)).toMatchObject({ status: 'none' });
  expect(reads).toEqual([order.id]);
  expect(await service.ofAny(order.id)).toMatchObject({ status: 'none' });
  expect(reads).toEqual([order.id, order.id]);
  await expect(service.ofOwn({ userId: 'another' }, order.id)).rejects.toThrow('NOT_FOUND');
  await expect(service.ofAny('unknown')).rejects.toThrow('NOT_FOUND');
});
