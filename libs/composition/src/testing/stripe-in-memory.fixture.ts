import { newId, type Mongo } from '@cartwright/platform-mongo';
import type { CheckoutSession, Refund, StripeEvent, StripeGateway } from '@cartwright/platform-stripe';

type Told = Pick<StripeEvent, 'type' | 'object'>;
type Attempt = { _id: string; total: CheckoutSession['total'] };

/** A Stripe that does as it is told: pages are paid, refunds and disputes end, when the test says so. */
export function stripeInMemory({ mongo, clock }: { mongo: Pick<Mongo, 'connection'>; clock: () => Date }) {
  const attempts = mongo.connection.collection<Attempt>('payment_attempts');
  const sessions = new Map<string, CheckoutSession>();
  const refunds = new Map<string, Refund>();
  /** What becomes of the next refund that is asked for. */
  let nextRefund: Refund['status'] = 'succeeded';

  const unused = (): never => {
    throw new Error('Nobody should need this');
  };
  const found = <T>(value: T | undefined): T => {
    if (value === undefined) throw new Error('There is no such thing');
    return value;
  };

  const gateway: StripeGateway = {
    async createCheckoutSession({ reference, metadata, expiresAt }) {
      const attempt = await attempts.findOne({ _id: reference });
      const id = `cs_${reference}`;
      const session: CheckoutSession = {
        ...{ id, reference, metadata, url: `https://pay.test/${id}` },
        ...{ status: 'open', paymentStatus: 'unpaid', paymentIntent: null, expiresAt: new Date(expiresAt * 1_000) },
        total: attempt?.total ?? null,
        raw: { amount: attempt?.total?.amount ?? null, currency: attempt?.total?.currency.toLowerCase() ?? null },
      };
      sessions.set(id, session);
      return session;
    },
    retrieveCheckoutSession: async (id) => sessions.get(id) ?? null,
    findCheckoutSession: async () => null,
    expireCheckoutSession: async (id) => {
      const session: CheckoutSession = { ...found(sessions.get(id)), status: 'expired', url: null };
      sessions.set(id, session);
      return session;
    },
    retrievePaymentIntent: unused,
    createCoupon: async ({ id }) => ({ id }),
    createRefund: async ({ paymentIntent, amount, metadata }) => {
      const refund = {
        ...{ id: `re_${newId()}`, status: nextRefund, createdAt: clock() },
        ...{ amount: found(amount), paymentIntent, metadata },
      };
      refunds.set(refund.id, refund);
      return refund;
    },
    retrieveRefund: async (id) => refunds.get(id) ?? null,
    listRefunds: async (paymentIntent) =>
      [...refunds.values()].filter((refund) => refund.paymentIntent === paymentIntent),
    retrieveDispute: async () => null,
    listEvents: unused,
    listPaymentIntents: unused,
    listRefundsOf: unused,
    listDisputes: unused,
    verifyWebhook: (body) => ({ ok: true, event: read(body.toString()) }),
    readEvent: read,
  };

  function read(body: string): StripeEvent {
    const told = JSON.parse(body) as { id: string } & Told;
    return { ...told, createdAt: clock(), livemode: false };
  }

  return {
    gateway,
    answerRefundsWith: (status: Refund['status']) => void (nextRefund = status),
    /** The body of an event that tells of something. */
    eventOf: (told: Told): Buffer => Buffer.from(JSON.stringify({ id: `evt_${newId()}`, ...told })),
    /** The buyer pays the page of an order; undefined when there is none open. */
    pay(orderId: string): Told | undefined {
      const open = [...sessions.values()].find(
        ({ status, metadata }) => status === 'open' && Object.values(metadata).includes(orderId),
      );
      if (!open) return undefined;
      const paid: CheckoutSession = {
        ...open,
        ...{ status: 'complete', paymentStatus: 'paid', url: null, paymentIntent: `pi_${open.id}` },
      };
      sessions.set(paid.id, paid);
      return { type: 'checkout.session.completed', object: { kind: 'checkout_session', session: paid } };
    },
    /** A refund made here, or there, ends in another way. */
    endRefund(refund: Refund): Told {
      refunds.set(refund.id, refund);
      return { type: 'refund.updated', object: { kind: 'refund', refund } };
    },
    refunds: () => [...refunds.values()],
  };
}
