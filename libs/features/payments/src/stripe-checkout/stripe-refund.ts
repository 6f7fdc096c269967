import {
  StripeGatewayError,
  type Dispute,
  type Refund as StripeRefund,
  type StripeGateway,
} from '@cartwright/platform-stripe';
import { RefundUnknownError, type RefundAnswer, type RefundNews, type RefundResult } from '../payment-strategy.ts';
import type { Refund } from '../payment.ts';

/** Stripe may forget idempotency keys after 24 hours; past this age it is asked first. */
const KEY_TRUSTED_MS = 20 * 60 * 60 * 1000;

/**
 * Gives money back at Stripe under a key of the refund, or asks what became of it. A refusal is an outcome; throws while
 * there is none. Each answer is of when its own call was made; one that is made under the key may have been given before,
 * and is of when the refund was.
 */
export async function refundThroughStripe(options: {
  gateway: Pick<StripeGateway, 'createRefund' | 'retrieveRefund' | 'listRefunds' | 'retrieveDispute'>;
  refund: Refund;
  clock: () => Date;
}): Promise<RefundAnswer> {
  const { gateway, refund, clock } = options;
  const isTheirs = refund.cause === 'external' || refund.cause === 'dispute';
  if (isTheirs || refund.providerRefundId !== undefined) return foundAtStripe(options);
  const at = clock();
  try {
    if (at.getTime() - refund.createdAt.getTime() > KEY_TRUSTED_MS) {
      const found = await findRefund(options);
      if (found) return found;
    }
    const { paymentReference: paymentIntent, amount, cause, id: refundId, orderId } = refund;
    const reason = cause === 'double' ? 'duplicate' : 'requested_by_customer';
    const params = { paymentIntent, amount, reason, metadata: { refundId, orderId } } as const;
    const made = await gateway.createRefund(params, { idempotencyKey: `refund:${refundId}:1` });
    return { ...toResult(made), at: made.createdAt };
  } catch (error) {
    if (error instanceof StripeGatewayError && error.kind === 'refused') {
      return { status: 'failed', problem: error.code ?? error.message, at };
    }
    // A failure that Stripe keeps under the key hides a refund that was made all the same.
    const isKept = error instanceof StripeGatewayError && error.replayed;
    const found = isKept ? await findRefund(options) : null;
    if (found) return found;
    throw error;
  }
}

async function findRefund({
  gateway,
  refund,
  clock,
}: {
  gateway: Pick<StripeGateway, 'listRefunds'>;
  refund: Refund;
  clock: () => Date;
}): Promise<RefundAnswer | null> {
  const at = clock();
  const refunds = await gateway.listRefunds(refund.paymentReference);
  const found = refunds.find(({ metadata }) => metadata['refundId'] === refund.id);
  return found ? { ...toResult(found), at } : null;
}

/**
 * What became of money that went back without us, or that Stripe has given an id of a refund for. It is never given back from
 * here; throws RefundUnknownError when Stripe knows nothing of it, which is no outcome.
 */
async function foundAtStripe({
  gateway,
  refund: { cause, id: refundId, providerRefundId: id },
  clock,
}: {
  gateway: Pick<StripeGateway, 'retrieveRefund' | 'retrieveDispute'>;
  refund: Refund;
  clock: () => Date;
}): Promise<RefundAnswer> {
  const at = clock();
  if (cause === 'dispute') {
    const dispute = id === undefined ? null : await gateway.retrieveDispute(id);
    if (dispute) return { ...toDisputeResult(dispute), at };
  } else {
    const made = id === undefined ? null : await gateway.retrieveRefund(id);
    if (made) return { ...toResult(made), at };
  }
  throw new RefundUnknownError(`Stripe knows nothing of ${id ?? 'a nameless one'}, which refund ${refundId} is.`);
}

/** What Stripe says, whenever it was so. */
type Told = Omit<RefundNews, 'at'>;

const DISPUTE_STATUS = { open: 'pending', won: 'failed', lost: 'succeeded' } as const;

const toDisputeResult = ({ id, status }: Dispute): RefundResult => ({
  status: DISPUTE_STATUS[status],
  providerRefundId: id,
});

/** Stripe's dispute as the ledger takes it: money that is on its way out until the dispute is won or lost. */
export function toDisputeNews(dispute: Dispute): Told {
  return {
    ...toDisputeResult(dispute),
    providerRefundId: dispute.id,
    paymentReference: dispute.paymentIntent,
    amount: dispute.amount,
    isDispute: true,
  };
}

function toResult({ id, status }: StripeRefund): RefundResult {
  if (status === 'requires_action') return { status: 'pending', waitsFor: 'buyer', providerRefundId: id };
  return { status: status === 'canceled' ? 'failed' : status, providerRefundId: id };
}

/** Stripe's refund as the ledger takes it. */
export function toRefundNews(refund: StripeRefund): Told {
  return {
    ...toResult(refund),
    providerRefundId: refund.id,
    refundId: refund.metadata['refundId'],
    paymentReference: refund.paymentIntent,
    amount: refund.amount,
  };
}
