import { setTimeout as pause } from 'node:timers/promises';
import { newIdempotencyKey } from '@cartwright/sdk';
import { inTime } from '../patience.ts';
import { seen } from '../seen.ts';
import type { Hands } from './hands.ts';
import { askOffice, type SeenOrder } from './office.ts';
import type { Stage } from './stage.ts';
import type { Bounce, Step } from './steps.ts';

interface Table {
  readonly hands: Hands;
  readonly stage: Stage;
}

interface LedgerRow {
  readonly _id: string;
  readonly status: string;
  readonly cause: string;
  readonly providerRefundId: string;
}

/** What is told by webhook, past all that fails on its way. */
const TOLD_WITHIN_MS = 50_000;

/** The bank sends a refund that went through back, and staff ask for it again as soon as they are told. */
export async function bounce(order: SeenOrder, { retries, beside }: Bounce, { hands, stage }: Table): Promise<void> {
  const { cluster, office, onProblem } = stage;
  const { askOf, together } = hands;
  const { database, shop } = cluster;
  const orderId = order._id;
  const done = async () => {
    const rows = await database.all<LedgerRow>('payment_refunds', { orderId, provider: 'stripe' });
    const through = rows.find(({ status, cause }) => status === 'succeeded' && cause !== 'external');
    const isUnderWay = rows.some(({ status }) => status === 'requested' || status === 'pending');
    return through ?? (isUnderWay ? undefined : ('none' as const));
  };
  const made = await seen(done, TOLD_WITHIN_MS);
  if (!made || made === 'none' || !(await shop.stripe.control.settleRefund(made.providerRefundId, 'failed'))) return;
  const refundId = made._id;
  const failed = { _id: orderId, refunds: { $elemMatch: { id: refundId, status: 'failed' } } };
  const told = await seen(async () => (await database.all('orders', failed))[0], TOLD_WITHIN_MS);
  if (!told) return onProblem(`the refund ${refundId} of ${orderId} came back from the bank, and nobody was told`);
  const again = () => {
    const wanted = { orderId, refundId, idempotencyKey: newIdempotencyKey() };
    return askOf(office, 'admin.orders.retryRefund', ({ api }) =>
      api.admin.orders.retryRefund.mutate(wanted, inTime()),
    );
  };
  const wish = beside && askOffice(order, beside);
  await Promise.all([
    together(retries, again),
    together(wish ? 1 : 0, async () => wish && askOf(office, wish.what, wish.work)),
  ]);
}

/** The buyer's bank takes what is left of the payment, beside what staff give back, and keeps it or not. */
export async function dispute(
  order: SeenOrder,
  { outcome, closedAfterMs, wishes }: Extract<Step, { do: 'dispute' }>,
  { hands, stage }: Table,
): Promise<void> {
  const { cluster, office } = stage;
  const { askOf, together } = hands;
  const { control } = cluster.shop.stripe;
  const [payment] = await cluster.database.all<{ reference: string }>('payments', {
    ...{ _id: order.paymentId, provider: 'stripe' },
  });
  if (!payment) return;
  const complain = async () => {
    const id = await control.openDispute(payment.reference);
    await pause(closedAfterMs);
    await control.closeDispute(id, outcome);
  };
  const asked = wishes.map((wish) => askOffice(order, wish));
  await Promise.all([complain(), ...asked.map(({ what, work }) => together(1, () => askOf(office, what, work)))]);
}

/** Staff deal with money that was set aside, all at the same moment. */
export async function resolve(
  orderId: string,
  { actions }: Extract<Step, { do: 'resolve' }>,
  { hands, stage }: Table,
): Promise<void> {
  const { cluster, office } = stage;
  const { database } = cluster;
  // Where the order was over when it came, or the page was put right, nothing waits.
  const waiting = async () => {
    const [setAside] = await database.all<{ _id: string }>('payment_quarantine', { orderId });
    const [booked] = setAside ? [] : await database.all('payments', { orderId });
    return setAside ?? (booked && ('none' as const));
  };
  const setAside = await seen(waiting, TOLD_WITHIN_MS);
  if (setAside === undefined) return stage.onProblem(`money for ${orderId} was taken, and waits nowhere`);
  if (setAside === 'none') return;
  await Promise.all(
    actions.map((action) => {
      const decided = { id: setAside._id, action, note: 'Raced for', idempotencyKey: newIdempotencyKey() };
      return hands.together(1, () =>
        hands.askOf(office, 'admin.orders.quarantine.resolve', ({ api }) =>
          api.admin.orders.quarantine.resolve.mutate(decided, inTime()),
        ),
      );
    }),
  );
}
