import { DomainError, invalidInput, notFound } from '@cartwright/domain-errors';
import type { IdempotencyRecords, Intent, NoteResult } from '@cartwright/platform-idempotency';
import { newId, type Mongo, type Tx } from '@cartwright/platform-mongo';
import type { Outbox } from '@cartwright/platform-outbox';
import { requireOwn, type OrderCaller } from './guest-access.ts';
import { toAdminOrderDto } from './order-admin-mapping.ts';
import { returnAnsweredEvent, returnRequestedEvent, touched, updatedEvent } from './order-changes.ts';
import { toOrderDto } from './order-mapping.ts';
import { returnableOf } from './order-progress.ts';
import type { OrderRepository } from './order-repository.ts';
import type { AdminOrderDto, AnswerReturnInput } from './orders-admin.contracts.ts';
import type { OrderDto, RequestReturnInput } from './orders.contracts.ts';
import type { ShopSettingsSource } from './orders.ports.ts';
import type { Order, ReturnRequest } from './order.ts';

/** So often the return of pieces of an order may be asked for. */
const REQUESTS_MAX = 20;

/** Buyers ask to send pieces back; staff say yes or no. What comes back is written down when it is there. */
export function createOrderReturns({
  mongo,
  orders,
  records,
  outbox,
  settings,
  clock,
}: {
  mongo: Pick<Mongo, 'transaction'>;
  orders: Pick<OrderRepository, 'byId' | 'save'>;
  records: Pick<IdempotencyRecords, 'once'>;
  outbox: Pick<Outbox, 'append'>;
  settings: ShopSettingsSource;
  clock: () => Date;
}) {
  async function write(order: Order, { lines, reason }: RequestReturnInput, windowMs: number, tx: Tx): Promise<void> {
    const now = clock();
    const requests = order.returnRequests ?? [];
    if (requests.length >= REQUESTS_MAX) throw new DomainError('TOO_MANY_RETURNS', { maximum: REQUESTS_MAX });
    requireReturnable(order, lines, { now, windowMs });
    const request: ReturnRequest = { id: newId(), at: now, lines, reason, status: 'asked' };
    const count = lines.reduce((sum, { quantity }) => sum + quantity, 0);
    const text = `Asked to return ${count} ${count === 1 ? 'piece' : 'pieces'}`;
    const changed = { ...order, returnRequests: [...requests, request] };
    const saved = touched(changed, { kind: 'order.return_requested', by: 'customer', text }, now);
    await orders.save(saved, tx);
    await outbox.append(tx, [updatedEvent(saved), returnRequestedEvent(saved, request)]);
  }

  return {
    /**
     * Asks to send delivered pieces of the caller's own order back. Throws NOT_FOUND, QUANTITY_EXCEEDED for more than
     * arrived and was not asked for yet, RETURN_TOO_LATE, TOO_MANY_RETURNS, INVALID_INPUT for unknown or repeated lines. Once for
     * an intent; without one, each time.
     */
    async requestReturn(caller: OrderCaller, input: RequestReturnInput, intent?: Intent): Promise<OrderDto> {
      const { orderId } = input;
      const windowMs = (await settings.current()).returnWindowSeconds * 1_000;
      const ask = (note?: NoteResult) =>
        mongo.transaction(async (tx) => {
          await write(requireOwn(await orders.byId(orderId, tx), caller), input, windowMs, tx);
          await note?.(orderId, tx);
          return orderId;
        });
      await (intent ? records.once(intent, ask) : ask());
      return toOrderDto(requireOwn(await orders.byId(orderId), caller));
    },

    /** Says yes or no, once; the buyer is told. Throws NOT_FOUND, ILLEGAL_TRANSITION for one that has its answer. */
    async answerReturn(
      { orderId, requestId, accept, answer }: AnswerReturnInput,
      actorId: string,
    ): Promise<AdminOrderDto> {
      await mongo.transaction(async (tx) => {
        const order = await orders.byId(orderId, tx);
        if (!order) throw notFound('order');
        const request = order.returnRequests?.find(({ id }) => id === requestId);
        if (!request) throw notFound('return');
        const status = accept ? 'accepted' : 'declined';
        if (request.status !== 'asked')
          throw new DomainError('ILLEGAL_TRANSITION', { from: request.status, to: status });
        const now = clock();
        const answered: ReturnRequest = {
          ...request,
          ...{ status, answeredAt: now, actorId },
          ...(answer === undefined ? {} : { answer }),
        };
        const changed = {
          ...order,
          returnRequests: order.returnRequests?.map((one) => (one === request ? answered : one)),
        };
        const text = accept ? 'Return accepted' : 'Return declined';
        const entry = { kind: 'order.return_answered', by: 'staff', text, actorId, detail: answer } as const;
        const saved = touched(changed, entry, now);
        await orders.save(saved, tx);
        await outbox.append(tx, [updatedEvent(saved), returnAnsweredEvent(saved, answered)]);
      });
      const order = await orders.byId(orderId);
      if (!order) throw notFound('order');
      return toAdminOrderDto(order);
    },
  };
}

export type OrderReturns = ReturnType<typeof createOrderReturns>;

function requireReturnable(
  order: Order,
  wanted: RequestReturnInput['lines'],
  when: { now: Date; windowMs: number },
): void {
  if (new Set(wanted.map(({ lineId }) => lineId)).size !== wanted.length) throw invalidInput('A line is named twice');
  const returnable = new Map(returnableOf(order, when).map((line) => [line.lineId, line]));
  for (const { lineId, quantity } of wanted) {
    const line = returnable.get(lineId);
    if (!line) throw invalidInput('The order has no such line');
    if (quantity > line.quantity) throw new DomainError('QUANTITY_EXCEEDED', { lineId, maximum: line.quantity });
    if (quantity > line.inTime) throw new DomainError('RETURN_TOO_LATE', { lineId, maximum: line.inTime });
  }
}
