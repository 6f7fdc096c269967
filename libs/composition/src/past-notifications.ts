import type { NotificationService, NotificationType } from '@cartwright/feature-notifications';
import { orderCanceled, orderPaid, orderPlaced, orderRefunded, type OrderSummaryDto } from '@cartwright/feature-orders';
import type { EventDefinition } from '@cartwright/platform-outbox';

const ORDERS_MAX = 100;

/**
 * Makes the notifications that a customer's past orders would have brought, for demo data: their newest 100. What was made
 * before `readBefore` counts as read. Answers how many were new; run again it makes none twice.
 */
export function createPastNotifications({
  orders,
  notifications,
}: {
  orders: { list(userId: string, page: { limit: number }): Promise<{ items: OrderSummaryDto[] }> };
  notifications: Pick<NotificationService, 'recall'>;
}) {
  return async (userId: string, { readBefore }: { readBefore: Date }): Promise<number> => {
    const { items } = await orders.list(userId, { limit: ORDERS_MAX });
    let fresh = 0;
    for (const order of items) {
      const news = newsOf(order);
      if (!news) continue;
      const { id: orderId, createdAt: occurredAt, itemCount: _itemCount, image: _image, ...facts } = order;
      const event = {
        ...{ id: `past/${orderId}`, type: news.event.type, version: news.event.version },
        ...{ aggregateId: orderId, aggregateVersion: 1, occurredAt },
        payload: news.event.payload.parse({ ...facts, orderId, userId, ...news.rest }),
      };
      if (await notifications.recall(news.type, event, { isRead: occurredAt < readBefore })) fresh += 1;
    }
    return fresh;
  };
}

interface News {
  readonly type: NotificationType;
  readonly event: EventDefinition;
  readonly rest?: Readonly<Record<string, unknown>>;
}

/** The last that its buyer heard of an order; null of one that is still to be paid. */
function newsOf({ id, status, paymentStatus, paymentMethod, total }: OrderSummaryDto): News | null {
  if (status === 'canceled') return { type: 'order.canceled', event: orderCanceled, rest: { reason: 'customer' } };
  if (paymentStatus === 'refunded') {
    return { type: 'order.refunded', event: orderRefunded, rest: { refundId: `past/${id}`, amount: total } };
  }
  if (paymentMethod === 'cash_on_delivery') return { type: 'order.placed', event: orderPlaced, rest: { lines: [] } };
  return paymentStatus === 'paid'
    ? { type: 'order.paid', event: orderPaid, rest: { lines: [], paymentId: `past/${id}` } }
    : null;
}
