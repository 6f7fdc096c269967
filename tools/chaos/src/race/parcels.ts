import { newIdempotencyKey, type Cartwright } from '@cartwright/sdk';
import { inTime } from '../patience.ts';
import type { Hands } from './hands.ts';
import { askOffice, when, type SeenOrder } from './office.ts';
import type { Stage } from './stage.ts';
import type { Step } from './steps.ts';

type SendStep = Extract<Step, { do: 'send' }>;

/** Has staff send an order once it may be sent, all at the same moment, and see to it that it arrives or comes back. */
export async function send(
  orderId: string,
  { parcels, beside, clicks, arrival }: SendStep,
  { hands, stage, withinMs }: { hands: Hands; stage: Stage; withinMs: number },
): Promise<void> {
  const { office, onProblem } = stage;
  const { askOf, together } = hands;
  // Who pays at the door has paid nothing when the parcel leaves.
  const mayGo = ({ status, paymentMethod }: SeenOrder) => status === 'paid' || paymentMethod === 'cash_on_delivery';
  const order = await when(stage.cluster, { orderId, withinMs }, mayGo);
  // What an order that was paid late misses is taken from the shelf as it is sent, or isn't there.
  if (!order || order.hold !== 'held') return;

  /** The parcel has its intent's key for a number: the same intent twice would be seen by that. */
  const sendOne = async (what: SendStep['parcels'][number]) => {
    const trackingNumber = newIdempotencyKey();
    const [first] = order.lines;
    const lines = what === 'piece' && first ? { lines: [{ lineId: first.lineId, quantity: 1 }] } : {};
    const parcel = { orderId, idempotencyKey: trackingNumber, carrier: 'Racer', trackingNumber, ...lines };
    await together(clicks, async () => {
      const sent = await askOf(office, 'admin.orders.ship', ({ api }) =>
        api.admin.orders.ship.mutate(parcel, inTime()),
      );
      const isThere = sent.shipments.some((shipment) => shipment.trackingNumber === trackingNumber);
      if (!isThere) onProblem(`the parcel ${trackingNumber} of ${orderId} was acknowledged and is not there`);
    });
  };
  const begun = { orderId, idempotencyKey: newIdempotencyKey() };
  await together(2, () =>
    askOf(office, 'admin.orders.startProcessing', ({ api }) =>
      api.admin.orders.startProcessing.mutate(begun, inTime()),
    ),
  );
  const wish = beside && askOffice(order, beside);
  await Promise.all([
    ...parcels.map(sendOne),
    ...(wish ? [together(clicks, () => askOf(office, wish.what, wish.work))] : []),
  ]);
  if (arrival === 'delivered') await arrive(order, { hands, stage });
  if (arrival === 'refused') await comeBack(order, { hands, stage });
}

/** Two of the staff note at the same moment that it arrived, and what was paid for it at the door. */
async function arrive({ _id: orderId, paymentMethod }: SeenOrder, { hands, stage }: { hands: Hands; stage: Stage }) {
  const { askOf, together } = hands;
  const deliver = ({ api }: Cartwright) => api.admin.orders.markDelivered.mutate({ orderId }, inTime());
  const collect = () => {
    const paid = { orderId, idempotencyKey: newIdempotencyKey() };
    return askOf(stage.office, 'admin.orders.recordPayment', ({ api }) =>
      api.admin.orders.recordPayment.mutate(paid, inTime()),
    );
  };
  await Promise.all([
    together(2, () => askOf(stage.office, 'admin.orders.markDelivered', deliver)),
    together(paymentMethod === 'cash_on_delivery' ? 2 : 0, collect),
  ]);
}

/** All that was sent of it comes back, which two of the staff note at the same moment. */
async function comeBack({ _id: orderId }: SeenOrder, { hands, stage }: { hands: Hands; stage: Stage }) {
  const { askOf, together } = hands;
  const [order] = await stage.cluster.database.all<SeenOrder>('orders', { _id: orderId });
  const sent = Map.groupBy(
    (order?.shipments ?? []).flatMap(({ lines }) => lines),
    ({ lineId }) => lineId,
  );
  const lines = [...sent].map(([lineId, pieces]) => ({
    lineId,
    quantity: pieces.reduce((sum, { quantity }) => sum + quantity, 0),
  }));
  if (lines.length === 0) return;
  await together(2, () => {
    const back = { orderId, lines, restock: true, idempotencyKey: newIdempotencyKey() };
    return askOf(stage.office, 'admin.orders.markReturned', ({ api }) =>
      api.admin.orders.markReturned.mutate(back, inTime()),
    );
  });
}
