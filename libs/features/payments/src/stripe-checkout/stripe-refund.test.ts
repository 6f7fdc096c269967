import { money } from '@cartwright/domain-money';
import { StripeGatewayError, type Refund as StripeRefund, type StripeGateway } from '@cartwright/platform-stripe';
import { fixedClock } from '@cartwright/testkit';
import { describe, expect, it, vi } from 'vitest';
import { RefundUnknownError } from '../payment-strategy.ts';
import type { Refund } from '../payment.ts';
import { refundThroughStripe } from './stripe-refund.ts';

const now = new Date('2026-03-01T12:00:00Z');
const clock = () => now;

const refund: Refund = {
  ...{ id: 'refund', orderId: 'order', paymentId: 'payment', provider: 'stripe', paymentReference: 'pi_1' },
  ...{ cause: 'order', status: 'pending', waitsFor: 'buyer', amount: money(500, 'USD') },
  createdAt: now,
  updatedAt: now,
};

const made: StripeRefund = {
  ...{ id: 're_1', status: 'requires_action', paymentIntent: 'pi_1', amount: money(500, 'USD') },
  metadata: { refundId: 'refund' },
  createdAt: new Date('2026-03-01T11:00:00Z'),
};

/** Stripe, which knows one refund or none. */
function gatewayWith(known: StripeRefund | null) {
  return {
    createRefund: vi.fn<StripeGateway['createRefund']>(async () => made),
    retrieveRefund: async () => known,
    listRefunds: async () => [],
    retrieveDispute: async () => null,
  };
}

describe('a refund that has an id of Stripe’s', () => {
  it('is asked about', async () => {
    const gateway = gatewayWith(made);
    const result = await refundThroughStripe({ gateway, refund: { ...refund, providerRefundId: 're_1' }, clock });
    expect(result).toEqual({ status: 'pending', waitsFor: 'buyer', providerRefundId: 're_1', at: now });
    expect(gateway.createRefund).not.toHaveBeenCalled();
  });

  it.each(['order', 'double', 'external', 'dispute'] as const)(
    'and that Stripe knows nothing of is not made anew, and has no outcome (%s)',
    async (cause) => {
      const gateway = gatewayWith(null);
      const known = { ...refund, cause, providerRefundId: 're_1' };
      const asked = refundThroughStripe({ gateway, refund: known, clock });
      await expect(asked).rejects.toThrow(RefundUnknownError);
      await expect(asked).rejects.toThrow('Stripe knows nothing of re_1');
      expect(gateway.createRefund).not.toHaveBeenCalled();
    },
  );
});

it('a refund without an id of Stripe’s is made when it is ours, and has no outcome when it is not', async () => {
  const gateway = gatewayWith(null);
  expect(await refundThroughStripe({ gateway, refund, clock })).toMatchObject({
    providerRefundId: 're_1',
    at: made.createdAt,
  });
  for (const cause of ['external', 'dispute'] as const)
    await expect(refundThroughStripe({ gateway, refund: { ...refund, cause }, clock })).rejects.toThrow('nameless');
  expect(gateway.createRefund).toHaveBeenCalledTimes(1);
});

it('what is found after the answer of another call is of when it was looked for', async () => {
  const clock = fixedClock();
  const kept = new StripeGatewayError('unavailable', 'An error that Stripe keeps', { replayed: true });
  const gateway = {
    ...gatewayWith(null),
    createRefund: async () => {
      clock.advance(60_000);
      throw kept;
    },
    listRefunds: async () => {
      clock.advance(60_000);
      return [made];
    },
  };
  const askedAt = new Date(clock().getTime() + 60_000);
  expect(await refundThroughStripe({ gateway, refund: { ...refund, createdAt: clock() }, clock })).toMatchObject({
    providerRefundId: 're_1',
    at: askedAt,
  });
});
