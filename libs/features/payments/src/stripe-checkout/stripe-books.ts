import type { Dispute, PaymentIntent, Refund, StripeGateway } from '@cartwright/platform-stripe';
import type { BookEntry, ProviderBooks } from '../payment-strategy.ts';
import { toDisputeNews, toRefundNews } from './stripe-refund.ts';

/** What Stripe's account says of payments, refunds and disputes. */
export function createStripeBooks({
  gateway,
}: {
  gateway: Pick<
    StripeGateway,
    | 'listPaymentIntents'
    | 'listRefundsOf'
    | 'listDisputes'
    | 'retrievePaymentIntent'
    | 'retrieveRefund'
    | 'retrieveDispute'
  >;
}): ProviderBooks {
  const disputes: ProviderBooks['disputes'] = async function* (period) {
    for await (const dispute of gateway.listDisputes(period)) yield ofDispute(dispute);
  };
  return {
    disputes,
    async *entries(period) {
      for await (const intent of gateway.listPaymentIntents(period)) yield ofIntent(intent);
      for await (const refund of gateway.listRefundsOf(period)) yield ofRefund(refund);
      yield* disputes(period);
    },
    async entry(kind, reference) {
      switch (kind) {
        case 'payment': {
          const intent = await gateway.retrievePaymentIntent(reference);
          return intent && ofIntent(intent);
        }
        case 'refund': {
          const refund = await gateway.retrieveRefund(reference);
          return refund && ofRefund(refund);
        }
        case 'dispute': {
          const dispute = await gateway.retrieveDispute(reference);
          return dispute && ofDispute(dispute);
        }
      }
    },
  };
}

function ofIntent({ id, status, received, metadata }: PaymentIntent): BookEntry {
  return {
    kind: 'payment',
    ...{ reference: id, paymentReference: id, amount: received, orderId: metadata['orderId'] },
    status: status === 'succeeded' ? 'succeeded' : status === 'canceled' ? 'failed' : 'pending',
  };
}

function ofRefund(refund: Refund): BookEntry {
  const { providerRefundId: reference, paymentReference, amount, status, refundId } = toRefundNews(refund);
  const orderId = refund.metadata['orderId'];
  return { kind: 'refund', reference, paymentReference, amount, status, refundId, orderId };
}

function ofDispute(dispute: Dispute): BookEntry {
  const { providerRefundId: reference, paymentReference, amount, status } = toDisputeNews(dispute);
  return { kind: 'dispute', reference, paymentReference, amount, status };
}
